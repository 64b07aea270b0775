//! What the demo and the stdio server have in common: the weather server, which does not know over
//! what it is served, and what a program is told on its command line.
//!
//! Read `weather.rs` for what a server's author writes, `demo/server.rs` and `bin/stdio.rs` for what
//! is around it, and `bin/without-rmcp.rs` for a server that uses none of this and no SDK. `tickets/` and
//! `own_rule/` are the programs of the guides in `docs/`, and use none of this either.

mod backends;
pub mod command_line;
pub mod listening;
pub mod stopping;
pub mod weather;
