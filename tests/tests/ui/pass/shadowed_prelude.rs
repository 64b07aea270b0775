//! What the expansion names is not what the user's crate may have given the same name.
#![allow(dead_code, non_camel_case_types, unused_macros)]

use mcp_observe::{ErrorType, LabelValue, mcp_tool};

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
type usize = ();
type str = ();
type bool = ();
type Label = ();
type Tags = ();
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

#[mcp_tool(buckets = [0.1, 1], tags(source, sink))]
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

#[derive(LabelValue)]
enum Unit {
    Celsius,
}

#[derive(LabelValue)]
#[label(max = 2)]
struct Team(&'static ::core::primitive::str);

#[derive(ErrorType)]
enum Failure {
    NotFound,
    #[error_type(transparent)]
    Inner(Inner),
}

#[derive(ErrorType)]
#[error_type("inner")]
struct Inner;

#[mcp_tool(labels(unit, team: Team = Team("red")), budget = 800)]
fn labelled(unit: Unit) -> ::core::result::Result<(), Failure> {
    match unit {
        Unit::Celsius => ::core::result::Result::Err(Failure::NotFound),
    }
}

#[mcp_tool(record_all, result(redact(keep_last = 2)), error_message = true)]
fn recorded(a: u8, #[redact(hash)] b: u8) -> ::core::result::Result<u8, u8> {
    ::core::result::Result::Err(a + b)
}

// The names of our variables are free for the user's.
#[mcp_tool]
fn variables(__mcp_call: u8, (__mcp_ret, _): (u8, u8)) -> u8 {
    let __mcp_arg1 = __mcp_call + __mcp_ret;
    __mcp_arg1
}

fn main() {
    drop(free(1));
    let _ = recorded(1, 2);
    drop(labelled(Unit::Celsius));
    drop(Server.method((1, 2)));
    assert_eq!(variables(1, (2, 3)), 3);
}
