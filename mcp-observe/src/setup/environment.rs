//! Reading the standard `OTEL_*` variables that the SDK and the exporters do not read themselves.

use std::env;

/// The variable's value; one that is empty counts as not set, as the specification has it.
pub(crate) fn value(name: &str) -> Option<String> {
    let value = env::var(name).ok()?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The entries of a comma-separated variable.
pub(crate) fn list(name: &str) -> Vec<String> {
    value(name)
        .iter()
        .flat_map(|value| value.split(','))
        .map(|entry| entry.trim().to_owned())
        .filter(|entry| !entry.is_empty())
        .collect()
}

/// What is wrong with the variables, each in a sentence. As the specification asks, none of it keeps
/// telemetry, let alone the server, from starting.
pub(crate) fn complaints() -> Vec<String> {
    let known: [(&str, &[&str]); 4] = [
        ("OTEL_PROPAGATORS", &["tracecontext", "baggage", "none"]),
        ("OTEL_TRACES_EXPORTER", &["otlp", "none"]),
        ("OTEL_METRICS_EXPORTER", &["otlp", "prometheus", "none"]),
        ("OTEL_LOGS_EXPORTER", &["otlp", "none"]),
    ];
    let mut complaints = Vec::new();
    for (variable, known) in known {
        for entry in list(variable) {
            if !known.contains(&entry.as_str()) {
                let known = known.join(", ");
                complaints.push(format!(
                    "{variable} names {entry:?}, which is ignored; it can be {known}"
                ));
            }
        }
    }
    if !cfg!(feature = "otlp") && value("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
        complaints.push(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but nothing is exported: that needs feature `otlp` \
             of mcp-observe"
                .to_owned(),
        );
    }
    complaints
}

/// Whether the content of calls shall be recorded on spans, if the GenAI conventions' variable says so
/// or not: `true`, or one of the values that other languages' instrumentations take.
pub(crate) fn captures_content() -> Option<bool> {
    let value = value("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")?;
    let on = ["true", "span_only", "span_and_event"];
    Some(on.iter().any(|on| value.eq_ignore_ascii_case(on)))
}

/// Whether the variable is `true`, in whatever case.
pub(crate) fn is_true(name: &str) -> bool {
    value(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}
