use mcp_observe::mcp_tool;

#[mcp_tool(name, buckets(0.1), crate =)]
async fn weather() {}

fn main() {}
