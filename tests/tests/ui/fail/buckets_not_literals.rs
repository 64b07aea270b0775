use mcp_observe::mcp_tool;

#[mcp_tool(buckets = [0.1, LIMIT, -1.0, "2", 1 + 2])]
async fn weather() {}

fn main() {}
