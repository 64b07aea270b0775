//! Why a command could not do what it was asked to.

use std::io;
use std::path::PathBuf;

use mcp_observe_detect::ConfigError;

/// Told in one line, with the exit code 2.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{} cannot be read: {error}", path.display())]
    Input { path: PathBuf, error: io::Error },
    #[error("{}: {error}", path.display())]
    Config { path: PathBuf, error: ConfigError },
    #[error("there is no event in {what}; is it a security log?{why}")]
    NoEvent { what: String, why: String },
    #[error("alerts cannot be written: {0}")]
    Output(io::Error),
    #[error("signals cannot be waited for: {0}")]
    Signals(ctrlc::Error),
}
