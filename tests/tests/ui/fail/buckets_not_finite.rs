use mcp_observe::mcp_tool;

#[mcp_tool(buckets = [1, 1e400])]
async fn weather() {}

fn main() {}
