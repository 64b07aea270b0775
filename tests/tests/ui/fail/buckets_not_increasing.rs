use mcp_observe::mcp_tool;

#[mcp_tool(buckets = [0.1, 0.5, 0.5, 0.2, 1])]
async fn weather() {}

fn main() {}
