//! What the spans of a trace have of the tools' arguments.

use opentelemetry_sdk::trace::SpanData;

/// Tools and their arguments as they were recorded, in the order of the calls.
pub(crate) fn arguments(spans: &[SpanData]) -> Vec<(String, String)> {
    let mut spans: Vec<&SpanData> = spans.iter().collect();
    spans.sort_by_key(|span| span.start_time);
    spans
        .into_iter()
        .filter_map(|span| {
            let attribute = |key: &str| {
                let mut all = span.attributes.iter();
                let found = all.find(|attribute| attribute.key.as_str() == key)?;
                Some(found.value.to_string())
            };
            let arguments = attribute("gen_ai.tool.call.arguments")?;
            Some((attribute("gen_ai.tool.name")?, arguments))
        })
        .collect()
}
