//! Proof at scale: a server that is under fire, and what its telemetry makes of that.
//!
//! Each leg is a module: [`reconciliation`], [`flood`], [`faults`], [`ending`], [`overhead`]. The program `under-fire`
//! runs them all, with as many messages as it is told, and can put its figures into `docs/under-fire.md`;
//! the tests run each with few.
//!
//! The server is always a process of its own ([`traffic`], [`flood::run`], [`ending::run`], [`overhead::run`]), set up by the
//! standard variables as a user's is, so that what it exports is judged from outside.

pub mod child;
pub mod collector;
pub mod connection;
pub mod ending;
pub mod faults;
pub mod flood;
pub mod kind;
pub mod latency;
pub mod ledger;
pub mod legs;
pub mod memory;
pub mod overhead;
pub mod pipe;
pub mod processor;
pub mod reconciliation;
pub mod scrape;
pub mod seeded;
pub mod server;
pub mod traffic;
