use mcp_observe::mcp_tool;

#[mcp_tool(tags(drain, sink, Tags::SOURCE, 7))]
fn send_mail() {}

fn main() {}
