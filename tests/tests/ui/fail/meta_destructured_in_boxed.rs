use mcp_observe::mcp_tool;

use std::future::Future;
use std::pin::Pin;

#[mcp_tool]
fn add(#[meta] Meta(meta): Meta) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move { meta })
}

struct Meta(u8);

fn main() {}
