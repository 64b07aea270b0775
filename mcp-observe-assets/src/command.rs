//! The command that writes the files, as the whole of a program of one's own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, io};

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::assets::Assets;
use crate::settings::AssetsBuilder;

/// What the command is told.
#[derive(Debug, Parser)]
#[command(name = "assets")]
struct Arguments {
    /// Write nothing: list the files that are not as they would be written
    #[arg(long)]
    check: bool,
    /// Where the files belong; it is made if it is not there, and other files in it are left alone
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Makes the files for the server of that name from the tools that are linked into this program, as
/// its command line says: [`AssetsBuilder::command`] with no settings of one's own.
///
/// # Example
/// The whole of `src/bin/assets.rs` in the server's package:
/// ```no_run
/// // use my_server as _; // links its tools
///
/// fn main() -> std::process::ExitCode {
///     mcp_observe_assets::command("weather")
/// }
/// ```
#[must_use]
pub fn command(service: impl Into<String>) -> ExitCode {
    Assets::builder(service).command()
}

impl AssetsBuilder {
    /// Makes the files as the program's command line says: `DIR` writes them there, `--check DIR` lists
    /// those that are not as they would be written, and `--help` says so.
    ///
    /// The exit code is 0 if all went well, 1 if files are outdated or could not be read or written, and 2
    /// if the command line or the settings are wrong. What is wrong is said in a line on stderr.
    #[must_use]
    pub fn command(self) -> ExitCode {
        let name = program();
        let command = Arguments::command().bin_name(&name);
        let matches = command.try_get_matches();
        let arguments = match matches.and_then(|it| Arguments::from_arg_matches(&it)) {
            Ok(arguments) => arguments,
            // Help. Nobody may be reading it to the end.
            Err(error) if !error.use_stderr() => {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            Err(error) => {
                eprintln!("{name}: {}; `--help` says more", what_is_wrong(&error));
                return ExitCode::from(2);
            }
        };
        let assets = match self.build() {
            Ok(assets) => assets,
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::from(2);
            }
        };
        let done = if arguments.check {
            check(&name, &assets, &arguments.directory)
        } else {
            write(&name, &assets, &arguments.directory)
        };
        done.unwrap_or_else(|error| {
            let directory = arguments.directory.display();
            eprintln!("{name}: the files in {directory} cannot be used: {error}");
            ExitCode::FAILURE
        })
    }
}

/// The program's name, as it was called.
fn program() -> String {
    let path = env::args_os().next().map(PathBuf::from);
    let name = path.as_deref().and_then(Path::file_stem);
    name.map_or_else(
        || "assets".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn write(name: &str, assets: &Assets, directory: &Path) -> io::Result<ExitCode> {
    assets.write_to(directory)?;
    let (count, directory) = (assets.files().len(), directory.display());
    eprintln!("{name}: {count} files are in {directory}");
    Ok(ExitCode::SUCCESS)
}

fn check(name: &str, assets: &Assets, directory: &Path) -> io::Result<ExitCode> {
    let outdated = assets.outdated_in(directory)?;
    if outdated.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    for path in &outdated {
        println!("{}", path.display());
    }
    let (count, directory) = (outdated.len(), directory.display());
    eprintln!("{name}: {count} files are outdated or missing: `{name} {directory}` writes them");
    Ok(ExitCode::FAILURE)
}

/// The message without the usage. Arguments that are missing are named on lines of their own.
fn what_is_wrong(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().take_while(|line| !line.is_empty());
    let line = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    line.trim_start_matches("error: ").to_owned()
}
