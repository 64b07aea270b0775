use mcp_observe::mcp_tool;

#[mcp_tool]
unsafe extern "C" fn weather(_first: u8, _rest: ...) {}

fn main() {}
