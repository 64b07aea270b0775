//! Files that are not as they would be written.

use std::fs;
use std::path::PathBuf;

use super::COMMAND;
use crate::process::{Ended, Program};

/// A directory of the test's own, empty.
fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    match fs::remove_dir_all(&directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
        _ => directory,
    }
}

fn run(arguments: &[&str]) -> Ended {
    Program::start(COMMAND, arguments, &[]).wait()
}

#[test]
fn what_is_written_is_up_to_date_until_it_is_changed() {
    let directory = directory("assets-changed");
    let path = directory.to_str().expect("a path of ASCII");
    let written = run(&[path]);
    assert_eq!(
        (written.code, written.stdout.as_str()),
        (Some(0), ""),
        "{written:#?}"
    );
    assert_eq!(run(&["--check", path]).code, Some(0));

    // One that is not of these is nobody's business.
    fs::write(directory.join("notes.txt"), "mine").expect("it is written");
    assert_eq!(run(&["--check", path]).code, Some(0));

    let (changed, missing) = (
        directory.join("loki/loki.yaml"),
        directory.join("compose.yaml"),
    );
    fs::write(&changed, "auth_enabled: true\n").expect("it is written");
    fs::remove_file(&missing).expect("it is removed");
    let checked = run(&["--check", path]);
    assert_eq!(checked.code, Some(1), "{checked:#?}");
    let listed: Vec<_> = checked.stdout.lines().map(PathBuf::from).collect();
    assert_eq!(listed.len(), 2, "{checked:#?}");
    assert!(
        listed.contains(&changed) && listed.contains(&missing),
        "{checked:#?}"
    );
    // Nothing is written by a check.
    assert!(!missing.exists());

    assert_eq!(run(&[path]).code, Some(0));
    assert_eq!(run(&["--check", path]).code, Some(0));
    let notes = fs::read_to_string(directory.join("notes.txt")).expect("it is left alone");
    assert_eq!(notes, "mine");
}

/// Messages name the command to run, which is whatever a server's package calls it.
#[test]
fn it_is_called_as_its_program_is() {
    let directory = directory("assets-renamed");
    fs::create_dir(&directory).expect("it is made");
    let program = directory.join("make-dashboards");
    fs::copy(COMMAND, &program).expect("it is copied");
    let (program, path) = (
        program.to_str().expect("a path of ASCII"),
        directory.to_str().expect("a path of ASCII"),
    );
    let checked = Program::start(program, &["--check", path], &[]).wait();
    assert_eq!(checked.code, Some(1), "{checked:#?}");
    assert!(
        checked.stderr.starts_with("make-dashboards: ")
            && checked
                .stderr
                .ends_with(&format!("`make-dashboards {path}` writes them\n")),
        "{checked:#?}"
    );
    let help = Program::start(program, &["--help"], &[]).wait();
    assert!(help.stdout.contains("Usage: make-dashboards "), "{help:#?}");
}
