use mcp_observe::mcp_tool;

use std::future::Future;
use std::pin::Pin;

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

#[mcp_tool]
fn weather() -> Pin<Box<dyn Future<Output = u8>>> {
    inner()
}

#[mcp_tool]
fn later() -> futures::future::BoxFuture<'static, u8> {
    let future = async { 1 };
    Box::pin(future)
}

fn inner() -> Boxed<u8> {
    Box::pin(async { 1 })
}

fn main() {}
