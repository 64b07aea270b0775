//! Queries in TraceQL.

use mcp_observe::metric::label;

/// The spans of the chosen tools' calls that failed.
pub(super) fn failed() -> String {
    shown(&format!("{} && status = error", of_chosen_tools()))
}

/// The spans of the chosen tools' calls that took as long as the variable says.
pub(super) fn slow() -> String {
    shown(&format!("{} && duration >= $slow", of_chosen_tools()))
}

/// The spans of a tool's calls; the tool is a variable of a link.
pub(super) fn of_tool(tool: &str) -> String {
    shown(&calls_of("=", tool))
}

/// The spans of a tool's failed calls.
pub(super) fn failed_of_tool(tool: &str) -> String {
    shown(&format!("{} && status = error", calls_of("=", tool)))
}

fn of_chosen_tools() -> String {
    calls_of("=~", "${tool_name:pipe}")
}

fn calls_of(operator: &str, tool: &str) -> String {
    format!(
        r#"resource.service.name = "${{job}}" && kind = server && span.{} {operator} "{tool}""#,
        label::GEN_AI_TOOL_NAME.attribute
    )
}

/// With the attributes that a table shows.
fn shown(condition: &str) -> String {
    format!(
        "{{ {condition} }} | select(span.{}, span.{}, status)",
        label::GEN_AI_TOOL_NAME.attribute,
        label::SERVER_ERROR_TYPE.attribute
    )
}
