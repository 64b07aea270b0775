//! Cargo, run in the workspace.

use std::process::{Command, ExitStatus};
use std::{env, io, string};

use crate::workspace;

/// Why cargo has no answer.
#[derive(Debug, thiserror::Error)]
pub enum CargoError {
    /// It could not be started.
    #[error("cannot run cargo: {0}")]
    Start(#[from] io::Error),
    /// It says that something is wrong.
    #[error("cargo {arguments} ended with {status}:\n{stderr}")]
    Failed {
        /// What it was told.
        arguments: String,
        /// How it ended.
        status: ExitStatus,
        /// What it said.
        stderr: String,
    },
    /// Its answer is no text.
    #[error("cargo's answer: {0}")]
    Encoding(#[from] string::FromUtf8Error),
}

/// What cargo writes to stdout when it is told this, with these variables.
///
/// It is the cargo that runs the test, in the workspace's root.
///
/// # Errors
/// If it cannot be run, or fails.
pub fn cargo(arguments: &[&str], variables: &[(&str, &str)]) -> Result<String, CargoError> {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(workspace(""))
        .output()?;
    if !output.status.success() {
        return Err(CargoError::Failed {
            arguments: arguments.join(" "),
            status: output.status,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    Ok(String::from_utf8(output.stdout)?)
}
