//! What can be asked of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Detects attacks in the security log of MCP servers.
///
/// Exit code: 0 if no rule fired, 1 if one did, 2 if something is wrong with the flags, the
/// configuration or the input.
#[derive(Debug, Parser)]
#[command(name = "mcp-observe-detect", version)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Replay log files: alerts on stdout, a summary on stderr.
    ///
    /// Several files are one stream, in the order given: rotated ones are given oldest first. Lines
    /// that are no events are counted and skipped.
    Check(Check),
    /// Follow a log file, through rotations, until SIGINT or SIGTERM.
    ///
    /// Starts with what is written from now on. A file that is not there yet is waited for.
    Watch(Watch),
    /// List the rules: what they detect, the thresholds in force, their limits.
    Rules(Rules),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The log files; `-` is stdin.
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) detection: Detection,
}

#[derive(Debug, Args)]
pub(super) struct Watch {
    /// The log file.
    pub(super) file: PathBuf,
    /// Begin with what is in the file already.
    #[arg(long)]
    pub(super) from_start: bool,
    #[command(flatten)]
    pub(super) detection: Detection,
}

#[derive(Debug, Args)]
pub(super) struct Detection {
    #[command(flatten)]
    pub(super) config: ConfigFile,
    /// How alerts are written.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(flatten)]
    pub(super) config: ConfigFile,
    /// Print the defaults as a commented configuration file instead.
    #[arg(long, conflicts_with = "config")]
    pub(super) toml: bool,
}

#[derive(Debug, Args)]
pub(super) struct ConfigFile {
    /// The thresholds, in TOML; `rules --toml` prints a file to begin with.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One JSON object a line.
    Json,
    /// One line a person can read.
    Text,
}
