//! The tools' metrics at a glance, read from the same text that `/metrics` answers.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::style::Style;

/// What the metrics say of a tool.
#[derive(Debug, Default, PartialEq)]
struct Tool {
    calls: f64,
    active: f64,
    /// Seconds, and how many calls they are of.
    duration: (f64, f64),
    /// By class; those that never occurred are left out.
    errors: BTreeMap<String, f64>,
}

/// A table of the tools in a Prometheus text; `None` if it has none.
pub(crate) fn table(text: &str, style: Style) -> Option<String> {
    let tools = read(text);
    if tools.is_empty() {
        return None;
    }
    let heading = format!(
        "{:<16}{:>7}{:>8}{:>8}{:>12}   errors by type",
        "tool", "calls", "errors", "active", "mean"
    );
    let mut table = format!("  {}\n", style.dim(heading));
    for (name, tool) in &tools {
        // Not `sum`, whose result for nothing is shown as -0.
        let errors = tool.errors.values().fold(0.0, |sum, count| sum + count);
        let (seconds, count) = tool.duration;
        let mean = if count > 0.0 {
            format!("{:.1} ms", seconds * 1e3 / count)
        } else {
            "-".to_owned()
        };
        let by_type: Vec<String> = tool
            .errors
            .iter()
            .map(|(class, count)| format!("{class} {count}"))
            .collect();
        let row = format!(
            "{name:<16}{:>7}{errors:>8}{:>8}{mean:>12}   {}",
            tool.calls,
            tool.active,
            by_type.join(", "),
        );
        let row = row.trim_end();
        // Infallible for a `String`.
        let _ = if errors > 0.0 {
            writeln!(table, "  {}", style.failure(row))
        } else {
            writeln!(table, "  {row}")
        };
    }
    Some(table)
}

fn read(text: &str) -> BTreeMap<String, Tool> {
    let mut tools: BTreeMap<String, Tool> = BTreeMap::new();
    for (metric, labels, value) in text.lines().filter_map(series) {
        let Some(name) = label(labels, "tool_name") else {
            continue;
        };
        let tool = tools.entry(name.to_owned()).or_default();
        match metric {
            "mcp_tool_calls_total" => tool.calls += value,
            "mcp_tool_active" => tool.active += value,
            "mcp_tool_invocation_duration_seconds_sum" => tool.duration.0 += value,
            "mcp_tool_invocation_duration_seconds_count" => tool.duration.1 += value,
            "mcp_tool_errors_total" if value > 0.0 => {
                let class = label(labels, "error_type").unwrap_or_default();
                *tool.errors.entry(class.to_owned()).or_default() += value;
            }
            _ => {}
        }
    }
    tools
}

/// The parts of a line: name, labels, value.
fn series(line: &str) -> Option<(&str, &str, f64)> {
    let (metric, rest) = line.split_once('{')?;
    let (labels, value) = rest.rsplit_once("} ")?;
    Some((metric, labels, value.parse().ok()?))
}

/// A label's value. The values that are asked for have neither commas nor quotes.
fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    labels.split(',').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| value.trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# TYPE mcp_tool_calls_total counter
mcp_tool_calls_total{tool_name="idle"} 0
mcp_tool_calls_total{tool_name="mail"} 3
mcp_tool_active{tool_name="mail"} 1
mcp_tool_errors_total{error_type="timeout",tool_name="mail"} 1
mcp_tool_errors_total{error_type="panic",tool_name="mail"} 0
mcp_tool_invocation_duration_seconds_sum{status="success",tool_name="mail"} 0.05
mcp_tool_invocation_duration_seconds_count{status="success",tool_name="mail"} 1
mcp_tool_invocation_duration_seconds_sum{status="error",tool_name="mail"} 0.15
mcp_tool_invocation_duration_seconds_count{status="error",tool_name="mail"} 1
target_info{service_name="demo"} 1
"#;

    #[test]
    fn a_tool_is_summed_over_its_series() {
        assert_eq!(
            table(TEXT, Style::PLAIN).as_deref(),
            Some(
                "  tool              calls  errors  active        mean   errors by type\n\
                 \x20 idle                  0       0       0           -\n\
                 \x20 mail                  3       1       1    100.0 ms   timeout 1\n"
            )
        );
    }

    #[test]
    fn a_text_without_tools_is_no_table() {
        assert_eq!(table("target_info{a=\"b\"} 1\n", Style::PLAIN), None);
    }
}
