use mcp_observe::mcp_tool;

#[mcp_tool(error_message = false)]
fn a() {}

#[mcp_tool(error_message)]
fn b() {}

fn main() {}
