//! What readers are told of counters, whoever keeps their numbers: the instance, for a meter provider of its
//! own, or the SDK, for one that instances share.

use std::collections::BTreeMap;

use mcp_observe::rmcp::Observed;
use mcp_observe::{Telemetry, TelemetryBuilder, mcp_tool};
use mcp_observe_tests::connect::connect;
use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ScopeMetrics, Sum, SumDataPoint,
};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, InMemoryMetricExporterBuilder, PeriodicReader, SdkMeterProvider,
    Temporality,
};
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

#[mcp_tool(tokens)]
fn counted() {
    mcp_observe::record_usage(mcp_observe::Usage::new(5, 0));
}

#[derive(Clone)]
struct Counting;

impl ServerHandler for Counting {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        counted();
        Ok(CallToolResult::success(vec![]).into())
    }
}

fn built(builder: TelemetryBuilder) -> Telemetry {
    builder.build().expect("it can be set up")
}

async fn call(telemetry: &Telemetry, times: usize) {
    let observed = Observed::builder(Counting).telemetry(telemetry).build();
    let client = connect(observed).await;
    for _ in 0..times {
        let request = CallToolRequestParams::new("counted");
        client.call_tool(request).await.expect("an answer");
    }
}

/// What the last collection says of the tool, by counter.
fn last(exporter: &InMemoryMetricExporter) -> BTreeMap<String, i64> {
    let collected = exporter.get_finished_metrics().expect("the exporter works");
    let all = collected.last().expect("a collection");
    let metrics = all.scope_metrics().flat_map(ScopeMetrics::metrics);
    let sum = |metric: &Metric| {
        Some(match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => of_tool(sum).try_into().expect("few"),
            AggregatedMetrics::I64(MetricData::Sum(sum)) => of_tool(sum),
            _ => return None,
        })
    };
    metrics
        .filter_map(|metric| Some((metric.name().to_owned(), sum(metric)?)))
        .collect()
}

/// The sum over all series of the tool.
fn of_tool<T: Copy + std::iter::Sum>(sum: &Sum<T>) -> T {
    let tool = KeyValue::new("tool_name", "counted");
    sum.data_points()
        .filter(|point| point.attributes().any(|attribute| *attribute == tool))
        .map(SumDataPoint::value)
        .sum()
}

#[track_caller]
fn assert_counted(exporter: &InMemoryMetricExporter, calls: i64) {
    let sums = last(exporter);
    assert_eq!(sums["mcp.tool.calls"], calls, "{sums:?}");
    assert_eq!(sums["mcp.tool.tokens"], 5 * calls, "{sums:?}");
    assert_eq!(sums["mcp.tool.active"], 0, "{sums:?}");
}

/// Each of them has its own numbers; the provider has their sum.
#[tokio::test]
async fn instances_that_share_a_meter_provider_add_up() {
    let exporter = InMemoryMetricExporter::default();
    let meters = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(exporter.clone()).build())
        .build();
    let instance = || built(Telemetry::builder().meter_provider(meters.clone()));
    let (first, second) = (instance(), instance());
    call(&first, 2).await;
    call(&second, 3).await;
    meters.force_flush().expect("it can be flushed");
    assert_counted(&exporter, 5);
    // What it counted stays, as the provider's other series do.
    drop(first);
    call(&second, 1).await;
    meters.force_flush().expect("it can be flushed");
    assert_counted(&exporter, 6);
}

/// Each collection has what came since the last one, or what came in all, as the reader wants it.
#[tokio::test]
async fn readers_get_the_temporality_that_they_want() {
    let exporter = |temporality| {
        InMemoryMetricExporterBuilder::new()
            .with_temporality(temporality)
            .build()
    };
    let delta = exporter(Temporality::Delta);
    let cumulative = exporter(Temporality::Cumulative);
    let low_memory = exporter(Temporality::LowMemory);
    let reader =
        |exporter: &InMemoryMetricExporter| PeriodicReader::builder(exporter.clone()).build();
    let telemetry = built(
        Telemetry::builder()
            .metric_reader(reader(&delta))
            .metric_reader(reader(&cumulative))
            .metric_reader(reader(&low_memory)),
    );
    let flush = || {
        let bound = std::time::Duration::from_secs(60);
        telemetry.flush(bound).expect("it can be flushed");
    };
    call(&telemetry, 2).await;
    flush();
    assert_counted(&delta, 2);
    assert_counted(&cumulative, 2);
    call(&telemetry, 3).await;
    flush();
    assert_counted(&delta, 3);
    assert_counted(&cumulative, 5);
    // As of all that is read when it is collected.
    assert_counted(&low_memory, 5);
    let text = telemetry.prometheus_text();
    assert!(
        text.contains("mcp_tool_calls_total{tool_name=\"counted\"} 5"),
        "{text}"
    );
}
