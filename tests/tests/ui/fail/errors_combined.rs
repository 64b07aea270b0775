//! All at once: nobody should have to build five times.
use mcp_observe::mcp_tool;

#[mcp_tool(name = "a b", unknown, buckets = [2, 1])]
const fn weather(#[meta] _a: u8, #[meta(b)] _b: u8) {}

fn main() {}
