use mcp_observe::mcp_tool;

#[mcp_tool(labels(status: bool = true))]
fn weather() {}

fn main() {}
