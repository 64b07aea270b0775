//! Proof at scale, in one command: `cargo run --release -p mcp-observe-load`, and with `-- --long` all of it.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mcp_observe_load::child::Program;
use mcp_observe_load::legs::{Leg, Size};
use mcp_observe_load::{ending, flood, overhead, traffic};

/// Puts a server under fire, and proves that its telemetry neither loses anything uncounted nor harms it.
///
/// Prints tables, and ends with an error where something is not as it must be.
#[derive(Debug, Parser)]
#[command(name = "under-fire")]
struct Flags {
    #[command(subcommand)]
    role: Option<Role>,
    /// Run the long form: 10 million messages, a million made-up names of each kind
    #[arg(long)]
    long: bool,
    /// Send so many messages for the reconciliation [default: 200000, with --long 10000000]
    #[arg(long, value_name = "NUMBER")]
    messages: Option<u64>,
    /// Make up so many names of each kind [default: 50000, with --long 1000000]
    #[arg(long, value_name = "NUMBER")]
    names: Option<u64>,
    /// Run this leg alone; may be given more than once
    #[arg(long, value_name = "LEG", value_enum)]
    only: Vec<Leg>,
    /// Put the figures into this page, between its markers
    #[arg(long, value_name = "PATH")]
    page: Option<PathBuf>,
}

/// What this program is when it starts itself.
#[derive(Debug, Subcommand)]
enum Role {
    #[command(hide = true)]
    Traffic(traffic::Settings),
    #[command(hide = true)]
    Flood(flood::Settings),
    #[command(hide = true)]
    End(ending::Settings),
    #[command(hide = true)]
    Serve(overhead::Settings),
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    match &flags.role {
        Some(Role::Traffic(settings)) => traffic::run(settings),
        Some(Role::Flood(settings)) => flood::run(settings),
        Some(Role::End(settings)) => ending::run(settings),
        Some(Role::Serve(settings)) => overhead::run(settings),
        None => return run(&flags),
    }
    ExitCode::SUCCESS
}

fn run(flags: &Flags) -> ExitCode {
    let program = match env::current_exe() {
        Ok(path) => Program::at(path),
        Err(error) => {
            eprintln!("under-fire: this program's own path is not known: {error}");
            return ExitCode::FAILURE;
        }
    };
    let size = if flags.long { Size::LONG } else { Size::SHORT };
    let size = Size {
        messages: flags.messages.unwrap_or(size.messages),
        names: flags.names.unwrap_or(size.names),
        ..size
    };
    for leg in Leg::ALL {
        if !flags.only.is_empty() && !flags.only.contains(&leg) {
            continue;
        }
        let figures = leg.run(&program, size);
        println!("{figures}");
        if let Some(page) = &flags.page
            && let Err(error) = leg.put(&figures, page)
        {
            eprintln!("under-fire: {}: {error}", page.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
