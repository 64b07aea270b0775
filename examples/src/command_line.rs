//! Reading the command line: what is wrong with it is said in one line, on stderr.

use std::process::ExitCode;

use clap::Parser;

/// Reads the flags.
///
/// # Errors
/// The exit code, if that is all there is to do.
pub fn read<Flags: Parser>() -> Result<Flags, ExitCode> {
    Flags::try_parse().map_err(|error| {
        if !error.use_stderr() {
            // Help. Nobody may be reading it to the end.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        let text = error.to_string();
        // What is wrong; the lines after it repeat the usage.
        let what = text.lines().next().unwrap_or_default();
        let what = what.trim_start_matches("error: ");
        eprintln!(
            "{}: {what}; `--help` lists the flags",
            Flags::command().get_name()
        );
        ExitCode::from(2)
    })
}
