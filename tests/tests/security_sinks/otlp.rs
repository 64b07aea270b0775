//! Events as OTLP log records.

use mock_collector::{MockServer, Protocol, TestSpan};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;

use super::process::run;

async fn exported(
    transport: &'static str,
    variables: &[(&'static str, &'static str)],
) -> (Vec<LogRecord>, Vec<Vec<u8>>) {
    let collector = MockServer::builder()
        .protocol(Protocol::HttpBinary)
        .start()
        .await
        .expect("a port is free");
    let endpoint = format!("http://{}", collector.addr());
    let mut variables = variables.to_vec();
    let endpoint: &'static str = endpoint.leak();
    variables.push(("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
    let ended = tokio::task::spawn_blocking(move || run(transport, "otlp", &[], &variables))
        .await
        .expect("it runs");
    assert_eq!(ended.warnings("lost"), 0, "{}", ended.stderr);
    collector
        .with_collector(|collected| {
            let records = collected.logs();
            let records = records.iter().map(|it| it.log_record().clone());
            let spans = collected.spans();
            let calls = spans
                .iter()
                .map(TestSpan::span)
                .filter(|span| span.name.starts_with("tools/call"));
            (
                records.filter(|it| !it.event_name.is_empty()).collect(),
                calls.map(|span| span.span_id.clone()).collect(),
            )
        })
        .await
}

fn attribute(record: &LogRecord, key: &str) -> Option<Value> {
    let attribute = record.attributes.iter().find(|it| it.key == key)?;
    attribute.value.clone()?.value
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_is_a_record_of_its_span_with_the_keys_as_attributes() {
    let (records, spans) = exported("http", &[]).await;
    assert_eq!(records.len(), 3);
    for (record, (tool, status, severity)) in records.iter().zip([
        ("echo", "success", "INFO"),
        ("fail", "error", "WARN"),
        ("_OTHER", "error", "WARN"),
    ]) {
        let text = |key| match attribute(record, key) {
            Some(Value::StringValue(text)) => text,
            other => panic!("{key}: {other:?}"),
        };
        assert_eq!(record.event_name, "mcp.tool_call");
        assert_eq!(record.severity_text, severity);
        assert_eq!(text("event.category"), "mcp.tool_call");
        assert_eq!(text("schema.version"), "1.0");
        assert_eq!(text("mcp.tool.name"), tool);
        assert_eq!(text("status"), status);
        assert!(matches!(
            attribute(record, "http.status"),
            Some(Value::IntValue(_))
        ));
        assert!(matches!(
            attribute(record, "duration_ms"),
            Some(Value::DoubleValue(_))
        ));
        for elsewhere in ["timestamp", "trace_id", "span_id", "gen_ai.tool.name"] {
            assert_eq!(attribute(record, elsewhere), None, "{elsewhere}");
        }
        let line = record.body.clone().and_then(|body| body.value);
        let Some(Value::StringValue(line)) = line else {
            panic!("no line: {record:?}");
        };
        // What reads lines finds all keys in it, those that are no attributes too.
        let line: serde_json::Value =
            serde_json::from_str(&line).expect("the line, without its end");
        let line = line.as_object().expect("an object");
        for key in line.keys() {
            let elsewhere = ["timestamp", "trace_id", "span_id"].contains(&key.as_str());
            assert_eq!(attribute(record, key).is_none(), elsewhere, "{key}");
        }
        assert_eq!(line.len(), record.attributes.len() + 3);
        assert_eq!(line["mcp.tool.name"], tool);
        let span_id = record.span_id.iter().map(|byte| format!("{byte:02x}"));
        assert_eq!(line["span_id"], span_id.collect::<String>());
        assert!(record.time_unix_nano > 1_700_000_000_000_000_000);
        assert!(spans.contains(&record.span_id));
        assert_eq!(record.flags & 1, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sampled_has_its_ids_all_the_same() {
    let (records, spans) = exported("http", &[("OTEL_TRACES_SAMPLER", "always_off")]).await;
    assert_eq!((records.len(), spans.len()), (3, 0));
    for record in records {
        assert_eq!((record.trace_id.len(), record.span_id.len()), (16, 8));
        assert!(record.trace_id.iter().any(|byte| *byte != 0));
        assert_eq!(record.flags & 1, 0);
    }
}

/// The SDK drops, and tells nobody, what its queue has no room for.
#[tokio::test(flavor = "multi_thread")]
async fn events_wait_until_the_exporters_queue_has_room() {
    let (records, _) = exported(
        "burst",
        &[
            ("OTEL_BLRP_MAX_QUEUE_SIZE", "10"),
            ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "5"),
            ("OTEL_TRACES_EXPORTER", "none"),
        ],
    )
    .await;
    assert_eq!(records.len(), 200);
}

#[test]
fn without_an_endpoint_that_is_told_although_the_log_comes_later() {
    let ended = run("alone", "otlp", &[], &[]);
    let told =
        ended.warnings("security events are not exported by OTLP: no variable names an endpoint");
    assert_eq!(told, 1, "{}", ended.stderr);
}
