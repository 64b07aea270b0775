use mcp_observe::mcp_tool;

#[mcp_tool(name = WEATHER)]
async fn weather() {}

fn main() {}
