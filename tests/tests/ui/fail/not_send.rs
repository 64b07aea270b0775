use mcp_observe::mcp_tool;

use std::rc::Rc;

#[mcp_tool]
async fn weather() {
    let local = Rc::new(1);
    tokio::task::yield_now().await;
    drop(local);
}

fn assert_send(_: impl Send) {}

fn uses() {
    assert_send(weather());
}

fn main() {}
