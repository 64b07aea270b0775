//! Exporters to an OTLP endpoint, as the standard variables describe it.
//!
//! An exporter is made only if a variable names an endpoint: a server that was not told of a
//! collector does not try one at `localhost`, as the specification's default would have it.

use std::env;

use opentelemetry_otlp::{MetricExporter, SpanExporter};
use opentelemetry_sdk::metrics::{MeterProviderBuilder, PeriodicReader};
use opentelemetry_sdk::trace::TracerProviderBuilder;

use crate::setup::SetupError;

/// Adds an exporter of spans if there is an endpoint for them; says whether spans are exported at all.
pub(crate) fn add_span_exporter(
    builder: TracerProviderBuilder,
    exports: bool,
) -> Result<(TracerProviderBuilder, bool), SetupError> {
    if !has_endpoint("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
        return Ok((builder, exports));
    }
    let exporter = SpanExporter::builder()
        .build()
        .map_err(|error| SetupError::Otlp(error.to_string()))?;
    Ok((builder.with_batch_exporter(exporter), true))
}

/// Adds an exporter of metrics if there is an endpoint for them; says whether they are read at all.
pub(crate) fn add_metric_reader(
    builder: MeterProviderBuilder,
    exports: bool,
) -> Result<(MeterProviderBuilder, bool), SetupError> {
    if !has_endpoint("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") {
        return Ok((builder, exports));
    }
    let exporter = MetricExporter::builder()
        .build()
        .map_err(|error| SetupError::Otlp(error.to_string()))?;
    let reader = PeriodicReader::builder(exporter).build();
    Ok((builder.with_reader(reader), true))
}

fn has_endpoint(of_signal: &str) -> bool {
    ["OTEL_EXPORTER_OTLP_ENDPOINT", of_signal]
        .iter()
        .any(|name| env::var(name).is_ok_and(|endpoint| !endpoint.trim().is_empty()))
}
