//! Variables of the environment that pages name are honoured, as the README lists them.

use mcp_observe_tests::pages::{Page, pages};
use regex::Regex;

/// Variables, and how the README says that they are honoured.
const HONOURED: [(&str, &str); 13] = [
    ("OTEL_SERVICE_NAME", "`OTEL_SERVICE_NAME`"),
    ("OTEL_RESOURCE_ATTRIBUTES", "`OTEL_RESOURCE_ATTRIBUTES`"),
    (
        "OTEL_TRACES_SAMPLER(_ARG)?",
        "`OTEL_TRACES_SAMPLER` and its `_ARG`",
    ),
    ("OTEL_BSP_(SCHEDULE_DELAY|MAX_QUEUE_SIZE)", "`OTEL_BSP_*`"),
    ("OTEL_BLRP_(SCHEDULE_DELAY|MAX_QUEUE_SIZE)", "`OTEL_BLRP_*`"),
    (
        "OTEL_METRIC_EXPORT_INTERVAL",
        "`OTEL_METRIC_EXPORT_INTERVAL`",
    ),
    (
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`",
    ),
    (
        "OTEL_(TRACES|METRICS|LOGS)_EXPORTER",
        "`OTEL_{TRACES,METRICS,LOGS}_EXPORTER`",
    ),
    ("OTEL_SDK_DISABLED", "`OTEL_SDK_DISABLED`"),
    (
        "OTEL_EXPORTER_OTLP_((TRACES|METRICS|LOGS)_)?(ENDPOINT|PROTOCOL|HEADERS|TIMEOUT)",
        "of `OTEL_EXPORTER_OTLP_*` the endpoint, the protocol (`http/protobuf`, `grpc`), the headers and the timeout",
    ),
    (
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "`OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true`",
    ),
    ("SSL_CERT_FILE", "`SSL_CERT_FILE` names others"),
    ("RUST_LOG", "`RUST_LOG`"),
];

/// Those of Datadog's Agent, which its own page names.
const OF_DATADOG: [&str; 5] = [
    "DD_API_KEY",
    "DD_SITE",
    "DD_LOGS_ENABLED",
    "DD_OTLP_CONFIG_LOGS_ENABLED",
    "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT",
];

#[test]
fn they_are_honoured() {
    let readme = Page::read("README.md").text;
    let readme: Vec<&str> = readme.split_whitespace().collect();
    let readme = readme.join(" ");
    let honoured = HONOURED.map(|(variable, said)| {
        assert!(readme.contains(said), "the README does not say {said}");
        Regex::new(&format!("^{variable}$")).expect("an expression")
    });
    let variable = Regex::new(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b").expect("an expression");
    let mut seen = 0;
    for page in pages()
        .into_iter()
        .filter(|page| page.name.starts_with("docs/"))
    {
        let is_datadog = page.name.ends_with("recipes/datadog-agent.md");
        // Constants of programs look like them.
        let rust = page.blocks_in("rust").into_iter();
        let text = rust.fold(page.text.clone(), |text, block| text.replace(&block, ""));
        for found in variable.find_iter(&text) {
            let name = found.as_str();
            let known = honoured.iter().any(|it| it.is_match(name))
                || (is_datadog && OF_DATADOG.contains(&name));
            assert!(known, "{name} is not honoured: {}", page.name);
            seen += 1;
        }
    }
    assert!(seen > 0, "no variable was looked at");
}
