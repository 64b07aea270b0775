use mcp_observe::mcp_tool;

#[mcp_tool(crate = "mcp_observe")]
async fn weather() {}

fn main() {}
