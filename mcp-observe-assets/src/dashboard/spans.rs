//! Queries in TraceQL.

use mcp_observe::metric::SERVER_OPERATION_DURATION;
use mcp_observe::metric::label::SERVER_ERROR_TYPE;

use super::queries::OPERATION_TOOL;

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
    let name = attribute(OPERATION_TOOL);
    format!(
        r#"resource.service.name = "${{job}}" && kind = server && span.{name} {operator} "{tool}""#
    )
}

/// With the attributes that a table shows.
fn shown(condition: &str) -> String {
    let (name, error) = (attribute(OPERATION_TOOL), attribute(SERVER_ERROR_TYPE.name));
    format!("{{ {condition} }} | select(span.{name}, span.{error}, status)")
}

/// The attribute of spans that is this label of the operation's duration: both are of the conventions.
fn attribute(label: &str) -> &'static str {
    let mut labels = SERVER_OPERATION_DURATION.labels.iter();
    let found = labels.find(|found| found.name == label);
    let found = found.unwrap_or_else(|| panic!("operations have no label {label}"));
    found.attribute
}
