use mcp_observe::mcp_tool;

#[mcp_tool(tags = source)]
fn read_mail() {}

#[mcp_tool(tags())]
fn read_calendar() {}

#[mcp_tool(tags("source"))]
fn read_notes() {}

#[mcp_tool(tags(source), tags(sink))]
fn forward_mail() {}

#[mcp_tool(tags(source sink))]
fn forward_notes() {}

fn main() {}
