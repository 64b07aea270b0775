//! Peers of another make: Python's and TypeScript's SDKs, with OpenTelemetry on at both ends. What is
//! asserted is what a receiver got from both.

mod process;
mod python_client;
mod python_server;
mod readme;
mod received;
mod rust_server;
mod transport;
mod typescript_client;
mod versions;
