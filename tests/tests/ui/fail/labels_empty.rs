use mcp_observe::mcp_tool;

#[mcp_tool(labels())]
fn weather() {}

fn main() {}
