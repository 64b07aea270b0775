use mcp_observe::mcp_tool;

#[mcp_tool(name = "")]
async fn weather() {}

fn main() {}
