use mcp_observe::mcp_tool;

#[mcp_tool(labels(session_id: bool = true, uri: bool = true))]
fn weather() {}

fn main() {}
