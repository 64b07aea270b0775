//! Detection in the process that writes the log, on the whole way: a client's call, the server's security
//! log, the alert and all that tells of it.

use std::time::Duration;

use mcp_observe::rmcp::Observed;
use mcp_observe::security::SecurityLog;
use mcp_observe::{Telemetry, mcp_tool};
use mcp_observe_detect::{Config, LiveDetector, Rule};
use mcp_observe_tests::wire::{Wire, eventually, request};
use mcp_observe_tests::written::Written;
use opentelemetry::global;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SimpleSpanProcessor};
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(60);

struct Secrets;

#[mcp_tool(tags(sensitive))]
fn read_secrets() {}

#[mcp_tool(tags(sensitive))]
fn read_payroll() {}

impl ServerHandler for Secrets {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match &*request.name {
            "read_secrets" => read_secrets(),
            _ => read_payroll(),
        }
        Ok(CallToolResult::success(vec![]).into())
    }
}

async fn call(telemetry: &Telemetry, tool: &str) {
    let observed = Observed::builder(Secrets)
        .telemetry(telemetry)
        .known_tools(["read_secrets", "read_payroll"])
        .build();
    let mut wire = Wire::initialized(observed, "2025-11-25").await;
    wire.ask(&request(1, "tools/call", &json!({ "name": tool })))
        .await;
}

#[tokio::test]
async fn an_alert_is_written_counted_and_told_to_tracing() {
    let (log, alerts, traced) = (
        mcp_observe_tests::security::Lines::default(),
        Written::default(),
        Written::default(),
    );
    let writer = traced.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("it is the first one");

    let config = Config::from_toml("allowance = \"0s\"").expect("it is valid");
    let detector = LiveDetector::builder(config)
        .alerts_to(alerts.clone())
        .build()
        .expect("there is a thread to spare");
    let counts = detector.counts();
    let telemetry = Telemetry::builder()
        .span_processor(SimpleSpanProcessor::new(InMemorySpanExporter::default()))
        .security_log(log.builder().writer(detector))
        .install()
        .expect("it is the first one");
    counts.observe(&global::meter("mcp-observe-detect"));

    let counted = |rule: Rule| {
        let series = format!("mcp_alerts_total{{rule=\"{rule}\"}} ");
        let text = telemetry.prometheus_text();
        let value = text.lines().find_map(|line| line.strip_prefix(&series));
        value.map(|value| value.parse::<f64>().expect("a number").to_string())
    };
    for &rule in Rule::ALL {
        assert_eq!(counted(rule).as_deref(), Some("0"), "{rule}");
    }

    call(&telemetry, "read_secrets").await;
    let event = log.event(&telemetry);
    // Once nothing else of that time can come; everything else is told before.
    eventually("an alert", || !alerts.bytes().is_empty()).await;
    let alert: Value = serde_json::from_str(&alerts.line("mcp.alert")).expect("JSON");
    assert_eq!(alert["rule.id"], "first-sensitive-use");
    assert_eq!(alert["mcp.tool.name"], "read_secrets");
    assert_eq!(
        alert["evidence"]["trace_ids"],
        json!([event.get("trace_id").expect("it has a trace")])
    );
    for &rule in Rule::ALL {
        let expected = if rule == Rule::FirstSensitiveUse {
            "1"
        } else {
            "0"
        };
        assert_eq!(counted(rule).as_deref(), Some(expected), "{rule}");
    }
    // The other test's alert is told as well.
    let line = traced.line("read_secrets");
    for part in [
        "WARN",
        "rule=\"first-sensitive-use\"",
        "severity=\"low\"",
        "mcp_observe_detect",
    ] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
}

#[tokio::test]
async fn what_is_held_back_is_told_when_telemetry_is_shut_down() {
    let alerts = Written::default();
    let config = Config::from_toml("allowance = \"5m\"").expect("it is valid");
    let detector = LiveDetector::builder(config)
        .alerts_to(alerts.clone())
        .build()
        .expect("there is a thread to spare");
    let telemetry = Telemetry::builder()
        .security_log(SecurityLog::builder().writer(detector))
        .build()
        .expect("it can be made");
    call(&telemetry, "read_payroll").await;
    telemetry.flush(TIMEOUT).expect("it can be flushed");
    assert_eq!(alerts.bytes(), b"");
    tokio::task::spawn_blocking(move || telemetry.shutdown(TIMEOUT))
        .await
        .expect("it does not panic")
        .expect("it can be shut down");
    let alert = alerts.line("first-sensitive-use");
    assert!(alert.contains("read_payroll"), "{alert}");
}
