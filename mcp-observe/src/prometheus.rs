//! Metrics as Prometheus text.

use prometheus::TextEncoder;

use crate::setup::assembly::Metering;
use crate::setup::providers::Providers;
use crate::setup::{SetupError, TelemetryBuilder};
use crate::telemetry::Telemetry;

/// A registry of the version of the `prometheus` crate that
/// [`prometheus_registry`](TelemetryBuilder::prometheus_registry) takes.
pub use prometheus::Registry;

/// `Content-Type` of the text that [`Telemetry::prometheus_text`] returns.
pub const CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

impl TelemetryBuilder {
    /// Puts the metrics into this registry beside what it has. Default: a registry of the instance's
    /// own.
    pub fn prometheus_registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }
}

impl Telemetry {
    /// All metrics of the instance's registry in Prometheus's text format, as `/metrics` shows them.
    /// Empty if the metrics go to a meter provider of yours, or telemetry is turned off.
    #[must_use]
    pub fn prometheus_text(&self) -> String {
        let Some(registry) = &self.inner().providers.registry else {
            return String::new();
        };
        let mut text = String::new();
        // Fails only for a family without metrics or without a name, which gathering leaves out.
        let _ = TextEncoder::new().encode_utf8(&registry.gather(), &mut text);
        text
    }
}

/// Adds the reader that fills the registry.
pub(crate) fn add_reader(
    metering: Metering,
    registry: Option<Registry>,
    providers: &mut Providers,
) -> Result<Metering, SetupError> {
    let Metering::Own(builder, _) = metering else {
        return Ok(metering);
    };
    let registry = registry.unwrap_or_default();
    let exporter = opentelemetry_prometheus::exporter()
        .with_registry(registry.clone())
        // Three labels on every series that would tell nothing.
        .scope_info_enabled(false)
        .build()
        .map_err(|error| SetupError::Prometheus(error.to_string()))?;
    providers.registry = Some(registry);
    Ok(Metering::Own(builder.with_reader(exporter), true))
}
