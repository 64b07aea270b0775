use mcp_observe::mcp_tool;

#[mcp_tool(buckets = [1f64, 2f32, 3u8])]
async fn weather() {}

fn main() {}
