//! The programs as users run them: the real ones, what they print, their exit codes, and what they
//! export.

mod assets;
mod collector;
mod demo;
mod guides;
mod measured;
mod process;
mod python;
mod readme;
mod session;
mod stdio;
mod without_rmcp;
