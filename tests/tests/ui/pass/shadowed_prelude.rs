//! What the expansion names is not what the user's crate may have given the same name.
#![allow(dead_code, non_camel_case_types, unused_macros)]

use mcp_observe::mcp_tool;

mod core {}
mod std {}
mod mcp_observe_macros {}
mod linkme {}
type Option = ();
type Result = ();
type Some = ();
type None = ();
type Sized = ();
type Callsite = ();
type f64 = ();
struct Box;

macro_rules! module_path {
    () => {
        compile_error!("the user's own macro")
    };
}
macro_rules! line {
    () => {
        compile_error!("the user's own macro")
    };
}

#[mcp_tool(buckets = [0.1, 1])]
async fn free(a: u8) -> u8 {
    a
}

#[mcp_tool]
fn sync(a: u8) -> u8 {
    a
}

struct Server;

impl Server {
    #[mcp_tool]
    async fn method(&self, (a, b): (u8, u8)) -> u8 {
        a + b
    }

    #[mcp_tool]
    fn lazy(&self) -> impl ::std::future::Future<Output = u8> {
        async { 1 }
    }
}

// The names of our variables are free for the user's.
#[mcp_tool]
fn variables(__mcp_call: u8, (__mcp_ret, _): (u8, u8)) -> u8 {
    let __mcp_arg1 = __mcp_call + __mcp_ret;
    __mcp_arg1
}

fn main() {
    drop(free(1));
    drop(Server.method((1, 2)));
    assert_eq!(variables(1, (2, 3)), 3);
}
