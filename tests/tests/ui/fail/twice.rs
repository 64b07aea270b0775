use mcp_observe::mcp_tool;

#[mcp_tool]
#[mcp_tool]
fn weather() {}

#[mcp_tool(name = "a")]
/// Documentation.
#[mcp_observe::mcp_tool(name = "b")]
async fn climate() {}

fn main() {}
