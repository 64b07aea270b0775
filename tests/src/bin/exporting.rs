//! A process that is observed and exports: what the standard variables do is seen from outside.
//!
//! `exporting CALLS` calls a tool that often, prints what the tool saw and the scraped text as one
//! JSON object, waits until its stdin ends, and shuts down. With `own-meter` beside it the meter provider
//! is one of its own, and the names of its metrics are what is printed.

use std::io::Read as _;
use std::time::Duration;

use mcp_observe::logs::Logs;
use mcp_observe::{Telemetry, mcp_tool};
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::metrics::data::{ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use serde_json::{Map, Value, json};

#[mcp_tool]
fn export_me(#[meta] _meta: &Map<String, Value>) -> Value {
    tracing::info!("the tool runs");
    tracing::debug!(target: "rmcp::service", "a whole request");
    let current = Context::current();
    json!({
        "trace_id": current.span().span_context().trace_id().to_string(),
        "sampled": current.span().span_context().is_sampled(),
        "baggage": current.baggage().get("tenant").map(ToString::to_string),
    })
}

/// A meter provider of the program's own.
struct OwnMeter {
    provider: SdkMeterProvider,
    exported: InMemoryMetricExporter,
}

impl Default for OwnMeter {
    fn default() -> Self {
        let exported = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exported.clone()).build();
        Self {
            provider: SdkMeterProvider::builder().with_reader(reader).build(),
            exported,
        }
    }
}

impl OwnMeter {
    fn names(&self) -> String {
        self.provider.force_flush().expect("it is in memory");
        let exported = self.exported.get_finished_metrics().expect("it is there");
        let names = exported
            .iter()
            .flat_map(ResourceMetrics::scope_metrics)
            .flat_map(ScopeMetrics::metrics)
            .map(|metric| metric.name().to_owned());
        names.collect::<Vec<_>>().join("\n")
    }
}

fn main() {
    let calls = std::env::args()
        .nth(1)
        .and_then(|calls| calls.parse().ok())
        .unwrap_or(1);
    let mut builder = Telemetry::builder()
        .service_name("named by the code")
        .resource_attribute("team", "set by the code")
        .baggage(["tenant"]);
    let own = std::env::args().nth(2).is_some_and(|it| it == "own-meter");
    let own = own.then(OwnMeter::default);
    if let Some(own) = &own {
        builder = builder.meter_provider(own.provider.clone());
    }
    let telemetry = match builder.install() {
        Ok(telemetry) => telemetry,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(3);
        }
    };
    Logs::json()
        .init(&telemetry)
        .expect("there is no other subscriber");

    let metrics = || match &own {
        Some(own) => own.names(),
        None => telemetry.prometheus_text(),
    };
    let meta = json!({
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "baggage": "tenant=blue,secret=1",
    });
    let with_context = meta.as_object().expect("it is one");
    let seen: Vec<Value> = (0..calls)
        .map(|call| {
            // Every other call comes with a context of its caller.
            let meta = if call % 2 == 1 {
                with_context
            } else {
                &Map::new()
            };
            export_me(meta)
        })
        .collect();
    println!("{}", json!({"seen": seen, "metrics": metrics()}));

    std::io::stdin()
        .read_to_end(&mut Vec::new())
        .expect("stdin ends");
    println!("{}", json!({"metrics": metrics()}));
    if let Err(error) = telemetry.shutdown(Duration::from_secs(5)) {
        eprintln!("{error}");
        std::process::exit(4);
    }
}
