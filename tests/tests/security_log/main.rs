//! The security log end to end: one line for each call of a tool, each other message that fails, and
//! each request that is not let in.

mod authentication;
mod errors;
mod hand_written;
mod identity;
mod outcomes;
mod over_http;
mod spans;
mod subjects;
mod tags;
mod tools;
mod unknown;
