//! The command line around the library.

mod alerts;
mod arguments;
mod check;
mod evaluation;
mod failure;
mod follow;
mod malformed;
mod opened;
mod progress;
mod rules;
mod stop;
mod summary;
mod text;
mod watch;

use std::fs;
use std::process::ExitCode;

use arguments::{Arguments, Command, ConfigFile};
use clap::{CommandFactory, Parser};
use failure::Failure;
use mcp_observe_detect::Config;

/// What a command came to, if it could do what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Something,
}

/// Does what the process's arguments ask for.
pub(crate) fn run() -> ExitCode {
    let arguments = match read_arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let done = match &arguments.command {
        Command::Check(check) => check::run(check),
        Command::Watch(watch) => watch::run(watch),
        Command::Rules(rules) => rules::run(rules).map(|()| Found::Nothing),
    };
    match done {
        Ok(Found::Nothing) => ExitCode::SUCCESS,
        Ok(Found::Something) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("{NAME}: {failure}");
            ExitCode::from(2)
        }
    }
}

const NAME: &str = env!("CARGO_PKG_NAME");

/// The arguments, or the exit code if there is no more to do.
fn read_arguments() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        if !error.use_stderr() {
            // Help. Nobody may be reading it to the end.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            let _ = Arguments::command().print_help();
            return ExitCode::from(2);
        }
        let text = error.to_string();
        // What is wrong; the lines after it repeat the usage.
        let what = text.lines().next().unwrap_or_default();
        let what = what.trim_start_matches("error: ");
        eprintln!("{NAME}: {what}; `--help` lists commands and flags");
        ExitCode::from(2)
    })
}

/// The configuration that was asked for.
fn read_config(file: &ConfigFile) -> Result<Config, Failure> {
    let Some(path) = &file.config else {
        return Ok(Config::default());
    };
    let text = fs::read_to_string(path).map_err(|error| Failure::Input {
        path: path.clone(),
        error,
    })?;
    Config::from_toml(&text).map_err(|error| Failure::Config {
        path: path.clone(),
        error,
    })
}
