//! Where the security log may go, seen from outside: a process is started, and ends.

mod otlp;
mod process;
mod stdout;
mod warnings;
