//! A process that is observed and exports: what the standard variables do is seen from outside.
//!
//! `exporting CALLS` calls a tool that often, prints what the tool saw and the scraped text as one
//! JSON object, waits until its stdin ends, and shuts down.

use std::io::Read as _;
use std::time::Duration;

use mcp_observe::logs::Logs;
use mcp_observe::{Telemetry, mcp_tool};
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::TraceContextExt as _;
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

fn main() {
    let calls = std::env::args()
        .nth(1)
        .and_then(|calls| calls.parse().ok())
        .unwrap_or(1);
    let telemetry = match Telemetry::builder()
        .service_name("named by the code")
        .resource_attribute("team", "set by the code")
        .baggage(["tenant"])
        .install()
    {
        Ok(telemetry) => telemetry,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(3);
        }
    };
    Logs::json()
        .init(&telemetry)
        .expect("there is no other subscriber");

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
    println!(
        "{}",
        json!({"seen": seen, "metrics": telemetry.prometheus_text()})
    );

    std::io::stdin()
        .read_to_end(&mut Vec::new())
        .expect("stdin ends");
    println!("{}", json!({"metrics": telemetry.prometheus_text()}));
    if let Err(error) = telemetry.shutdown(Duration::from_secs(5)) {
        eprintln!("{error}");
        std::process::exit(4);
    }
}
