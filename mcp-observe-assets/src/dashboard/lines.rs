//! Queries in LogQL.
//!
//! The server's log lines and its security events come by OTLP: Loki has their attributes as structured
//! metadata, with `_` for each dot.

/// Lines of the server.
const SERVER: &str = r#"{service_name="$job"}"#;

/// A security event for reading: they come with attributes alone.
const ONE_LINE: &str = "{{.event_category}} {{.mcp_method_name}} {{.mcp_tool_name}} {{.status}} \
                        {{.error_kind}} http {{.http_status}} by {{.usr_id}} from \
                        {{.network_client_ip}} in {{.duration_ms}} ms";

/// What `tracing` wrote.
pub(super) fn of_application() -> String {
    format!(r#"{SERVER} | event_category="""#)
}

/// What `tracing` wrote, in numbers by level.
pub(super) fn of_application_by_level() -> String {
    let lines = of_application();
    format!("sum by (detected_level) (count_over_time({lines} [$__auto]))")
}

/// Security events that tell of no success, each in one line.
pub(super) fn of_refusals_and_failures() -> String {
    format!("{} | line_format `{ONE_LINE}`", unsuccessful())
}

/// Callers with most security events that tell of no success.
pub(super) fn of_worst_callers() -> String {
    let events = unsuccessful();
    format!(
        "topk(10, sum by (usr_id, network_client_ip, error_kind) (count_over_time({events} [$__range])))"
    )
}

fn unsuccessful() -> String {
    format!(r#"{SERVER} | event_category!="" | status!="success""#)
}

/// Security events of a tool's calls; the tool is a variable of a link.
pub(super) fn of_tool(tool: &str) -> String {
    format!(
        r#"{{service_name="${{job}}"}} | event_category="mcp.tool_call" | mcp_tool_name="{tool}""#
    )
}

/// Security events of a tool's failed calls.
pub(super) fn failed_of_tool(tool: &str) -> String {
    format!(r#"{} | status="error""#, of_tool(tool))
}
