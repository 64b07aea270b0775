//! A transport that observes what rmcp sends by itself, and what a plain peer sends.

mod endings;
mod fixture;
mod forwarded;
mod over_http;
mod plain;
mod sessions;
mod startup;
mod together;
mod unchanged;
