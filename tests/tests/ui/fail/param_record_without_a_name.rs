use mcp_observe::mcp_tool;

#[mcp_tool]
fn weather(#[record] (_lat, _lon): (f64, f64)) {}

#[mcp_tool(record_all)]
fn forecast(_: u8) {}

fn main() {}
