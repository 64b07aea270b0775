use mcp_observe::mcp_tool;

#[mcp_tool]
async fn größe() {}

fn main() {}
