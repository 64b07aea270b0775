//! What a server asks its client for, on both sides: as messages of the server's own (to protocol
//! 2025-11-25), inside results (2026-07-28), and while a call has become a task.

mod asking;
mod delegation;
mod endings;
mod fixture;
mod rounds;
mod tasks;
mod transports;
mod wire;
