use mcp_observe::mcp_tool;

use std::future::Future;
use std::pin::Pin;

#[mcp_tool]
fn weather(cached: bool) -> Pin<Box<dyn Future<Output = u8>>> {
    if cached {
        return Box::pin(async { 1 });
    }
    Box::pin(async { 2 })
}

fn main() {}
