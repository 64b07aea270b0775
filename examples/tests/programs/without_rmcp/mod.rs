//! The server without an SDK.

#[cfg(unix)]
mod ending;
mod protocol;
mod telemetry;

use crate::process::{Ended, Program};

fn start(environment: &[(&str, &str)]) -> Program {
    Program::start(env!("CARGO_BIN_EXE_without-rmcp"), &[], environment)
}

/// Ends the session as a client does.
fn end(mut server: Program) -> Ended {
    server.close_stdin();
    let ended = server.wait();
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:#?}"
    );
    ended
}
