use mcp_observe::mcp_tool;

#[mcp_tool]
extern "C" fn weather() {}

fn main() {}
