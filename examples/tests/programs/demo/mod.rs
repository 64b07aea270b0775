//! The demo.

mod child;
#[cfg(unix)]
mod container;
mod export;
mod flags;
mod once;
mod python;
mod serving;
#[cfg(unix)]
mod traffic;
