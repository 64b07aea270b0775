//! The demo.

mod child;
mod export;
mod flags;
mod once;
mod python;
mod serving;
#[cfg(unix)]
mod traffic;
