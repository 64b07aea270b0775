use mcp_observe::mcp_tool;

#[mcp_tool]
const fn weather() {}

fn main() {}
