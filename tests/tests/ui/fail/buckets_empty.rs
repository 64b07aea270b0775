use mcp_observe::mcp_tool;

#[mcp_tool(buckets = [])]
async fn weather() {}

fn main() {}
