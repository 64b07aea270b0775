use mcp_observe::mcp_tool;

#[mcp_tool]
async fn owned(_a: u8, #[meta] _meta: Vec<u8>) {}

#[mcp_tool]
fn borrowed(#[meta] _meta: &mut Vec<u8>, _a: u8) {}

#[mcp_tool]
fn shared(#[meta] Meta(_a): &Meta) {}

struct Meta(u8);

fn main() {}
