//! The command, started as users start it.

mod check;
mod guide;
mod log;
mod program;
mod rules;
#[cfg(unix)]
mod watch;
