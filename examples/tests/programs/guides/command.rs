//! A command of a guide, such as `VARIABLE=value cargo run --bin NAME -- FLAGS < FILE | sort`.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use crate::process::{Ended, Program};

/// The binaries, by their names.
const BINARIES: [(&str, &str); 5] = [
    ("own-rule", env!("CARGO_BIN_EXE_own-rule")),
    ("tickets", env!("CARGO_BIN_EXE_tickets")),
    ("tickets-by-hand", env!("CARGO_BIN_EXE_tickets-by-hand")),
    ("tickets-migrated", env!("CARGO_BIN_EXE_tickets-migrated")),
    ("tickets-plain", env!("CARGO_BIN_EXE_tickets-plain")),
];

/// Read, and not yet run.
#[derive(Debug)]
pub(super) struct Command {
    environment: Vec<(String, String)>,
    program: &'static str,
    flags: Vec<String>,
    stdin: Option<String>,
}

/// A file of the repository, as commands name it from there.
pub(super) fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(path).to_str().expect("UTF-8").to_owned()
}

impl Command {
    /// Reads a command. Endpoints are left to the test, ports are free ones, and what is behind `|` to the reader.
    pub(super) fn read(line: &str) -> Self {
        let (line, _) = line.split_once(" | ").unwrap_or((line, ""));
        let (line, stdin) = match line.split_once(" < ") {
            Some((line, path)) => (line, Some(file(path))),
            None => (line, None),
        };
        let mut words = line.split_whitespace().peekable();
        let mut environment = Vec::new();
        while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
            if name != "OTEL_EXPORTER_OTLP_ENDPOINT" {
                environment.push((name.to_owned(), value.to_owned()));
            }
            words.next();
        }
        let command: Vec<_> = words.by_ref().take(3).collect();
        assert_eq!(command, ["cargo", "run", "--bin"], "{line}");
        let name = words.next().expect("a name");
        let (_, program) = BINARIES
            .into_iter()
            .find(|(it, _)| *it == name)
            .unwrap_or_else(|| panic!("no binary is {name}"));
        let flags = words.skip_while(|word| *word == "--").map(flag);
        Self {
            environment,
            program,
            flags: flags.collect(),
            stdin,
        }
    }

    /// The same with another value for the flag.
    pub(super) fn with(mut self, flag: &str, value: &str) -> Self {
        let place = self.flags.iter().position(|it| it == flag);
        let value_of_it = &mut self.flags[place.expect("it is there") + 1];
        value.clone_into(value_of_it);
        self
    }

    /// Starts it, with more variables.
    pub(super) fn start(&self, more: &[(&str, &str)]) -> Program {
        let environment = self.environment.iter();
        let environment: Vec<_> = environment
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(more.iter().copied())
            .collect();
        let flags: Vec<_> = self.flags.iter().map(String::as_str).collect();
        Program::start(self.program, &flags, &environment)
    }

    /// Runs it to its end.
    pub(super) fn run(&self, more: &[(&str, &str)]) -> Ended {
        let mut program = self.start(more);
        if let Some(path) = &self.stdin {
            program.write(&fs::read_to_string(path).expect("a session"));
        }
        program.close_stdin();
        program.wait()
    }

    /// Starts it as a server over HTTP; returns where it listens.
    pub(super) fn serve(&self, more: &[(&str, &str)]) -> (Program, SocketAddr) {
        let program = self.start(more);
        let said = program.complaint();
        let address = said
            .trim_end()
            .strip_prefix("tickets: http://")
            .and_then(|it| it.strip_suffix("/mcp"));
        let address = address.and_then(|it| it.parse().ok());
        (
            program,
            address.unwrap_or_else(|| panic!("no address: {said}")),
        )
    }
}

/// A flag or its value, as it does here.
fn flag(word: &str) -> String {
    if word.starts_with("127.0.0.1:") {
        "127.0.0.1:0".to_owned()
    } else if word.starts_with("examples/") {
        file(word)
    } else {
        word.to_owned()
    }
}
