//! The command that makes the files of `deploy/`, as for any server.

mod outdated;

use std::fs;
use std::path::Path;

use crate::process::Program;

const COMMAND: &str = env!("CARGO_BIN_EXE_assets");
const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy");

/// `deploy/` is what the command writes, byte for byte.
#[test]
fn deploy_is_made_by_it() {
    let checked = Program::start(COMMAND, &["--check", DEPLOY], &[]).wait();
    assert_eq!(
        (checked.code, checked.stdout.as_str()),
        (Some(0), ""),
        "{}",
        checked.stderr
    );
}

#[test]
fn files_say_that_they_are_made() {
    let first = "# Made by mcp-observe-assets for weather-demo; changes here are lost.\n";
    for file in ["compose.yaml", "collector/config.yaml", "loki/loki.yaml"] {
        let text = fs::read_to_string(Path::new(DEPLOY).join(file)).expect("it is there");
        assert!(text.starts_with(first), "{file}");
    }
}

#[test]
fn help_says_what_it_does() {
    let help = Program::start(COMMAND, &["--help"], &[]).wait();
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for part in ["DIR", "--check"] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
}

#[test]
fn what_is_wrong_is_said_in_one_line_on_stderr() {
    // No directory can be made below a file.
    let below_a_file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml/deploy");
    for (arguments, code, says) in [
        (&[][..], 2, "<DIR>"),
        (&["--chekc", "deploy"], 2, "--chekc"),
        (&["--check"], 2, "<DIR>"),
        (&[below_a_file], 1, below_a_file),
        (&["--check", below_a_file], 1, below_a_file),
    ] {
        let ended = Program::start(COMMAND, arguments, &[]).wait();
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(code), ""),
            "{ended:#?}"
        );
        let lines: Vec<_> = ended.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{ended:#?}");
        assert!(
            lines[0].starts_with("assets: ") && lines[0].contains(says),
            "{ended:#?}"
        );
    }
}
