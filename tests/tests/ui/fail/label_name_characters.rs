use mcp_observe::mcp_tool;

#[mcp_tool(labels(Fast: bool = true))]
fn weather() {}

fn main() {}
