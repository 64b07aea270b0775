//! `rustdoc` that writes JSON, which stable ones do only when they are told that they may; of what is published
//! alone, which is all that is read.
//!
//! If cargo were told, so would be every build script, and whatever looks for it would be built anew.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use mcp_observe_release::PUBLISHED;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    if documents(&arguments).is_some_and(|name| !is_published(name)) {
        return ExitCode::SUCCESS;
    }
    let mut rustdoc = Command::new("rustdoc");
    match rustdoc.args(arguments).env("RUSTC_BOOTSTRAP", "1").status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run rustdoc: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The crate that it is told to document, if it is.
fn documents(arguments: &[OsString]) -> Option<&str> {
    let flag = arguments
        .iter()
        .position(|argument| argument == "--crate-name")?;
    arguments.get(flag + 1)?.to_str()
}

fn is_published(name: &str) -> bool {
    PUBLISHED
        .iter()
        .any(|published| published.replace('-', "_") == name)
}
