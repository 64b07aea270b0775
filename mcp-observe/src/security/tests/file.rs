//! Lines to a file, and to the ones after it.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use super::{BOUND, call, record, telemetry, tools};
use crate::security::{LogFile, SecurityLog};
use crate::telemetry::Telemetry;

fn to(file: LogFile) -> Telemetry {
    telemetry(SecurityLog::builder().file(file))
}

fn log(telemetry: &Telemetry, tool: &str) {
    record(telemetry, &call(tool));
    telemetry.flush(BOUND).expect("it can be written");
}

fn read(path: impl AsRef<Path>) -> Vec<String> {
    tools(&fs::read_to_string(path).expect("it is there"))
}

#[test]
fn a_full_file_is_replaced_and_the_oldest_is_given_up() {
    let directory = tempdir().expect("a directory");
    let path = directory.path().join("security.jsonl");
    // Room for two lines.
    let telemetry = to(LogFile::new(&path).max_bytes(450).keep(2));
    for tool in 'a'..='g' {
        record(&telemetry, &call(&tool.to_string()));
    }
    telemetry.flush(BOUND).expect("it can be written");
    let old = |number| directory.path().join(format!("security.jsonl.{number}"));
    assert_eq!(read(&path), ["g"]);
    assert_eq!(read(old(1)), ["e", "f"]);
    assert_eq!(read(old(2)), ["c", "d"]);
    assert!(!old(3).exists());
    // Whether lines come together or one by one.
    for tool in ["h", "i"] {
        log(&telemetry, tool);
    }
    assert_eq!(read(&path), ["i"]);
    assert_eq!(read(old(1)), ["g", "h"]);
    assert_eq!(read(old(2)), ["e", "f"]);
}

#[test]
fn without_old_files_a_full_one_is_given_up() {
    let directory = tempdir().expect("a directory");
    let path = directory.path().join("security.jsonl");
    // Every line is too long.
    let telemetry = to(LogFile::new(&path).max_bytes(1).keep(0));
    for tool in ["a", "b", "c"] {
        log(&telemetry, tool);
    }
    assert_eq!(read(&path), ["c"]);
    assert_eq!(
        fs::read_dir(directory.path()).expect("it is there").count(),
        1
    );
}

#[test]
fn what_is_in_the_file_stays_and_a_line_without_its_end_gets_one() {
    let directory = tempdir().expect("a directory");
    let path = directory.path().join("security.jsonl");
    log(&to(path.clone().into()), "before");
    let whole = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, whole.clone() + "{\"timest").expect("it can be written");
    let telemetry = to(path.clone().into());
    log(&telemetry, "after");
    log(&telemetry, "later");
    let text = fs::read_to_string(&path).expect("it is there");
    let rest = text.strip_prefix(&whole).expect("it stays");
    let rest = rest.strip_prefix("{\"timest\n").expect("it got its end");
    assert_eq!(tools(rest), ["after", "later"]);
}

#[test]
fn a_file_that_is_taken_away_is_made_anew() {
    let directory = tempdir().expect("a directory");
    let path = directory.path().join("security.jsonl");
    let moved = directory.path().join("moved");
    let telemetry = to(path.clone().into());
    log(&telemetry, "a");
    fs::rename(&path, &moved).expect("as logrotate does");
    log(&telemetry, "b");
    assert_eq!(
        (read(&moved), read(&path)),
        (vec!["a".into()], vec!["b".into()])
    );
    fs::remove_file(&path).expect("it can be removed");
    log(&telemetry, "c");
    assert_eq!(read(&path), ["c"]);
    // Cut by others, as logrotate's copytruncate does.
    fs::write(&path, "").expect("it can be written");
    log(&telemetry, "d");
    assert_eq!(read(&path), ["d"]);
    // Replaced by a new one, as logrotate's create does.
    fs::rename(&path, &moved).expect("as logrotate does");
    fs::write(&path, "").expect("it can be written");
    log(&telemetry, "e");
    assert_eq!(
        (read(&moved), read(&path)),
        (vec!["d".into()], vec!["e".into()])
    );
}

#[test]
fn where_the_file_cannot_be_lines_are_lost_until_it_can() {
    let directory = tempdir().expect("a directory");
    let inner = directory.path().join("inner");
    fs::create_dir(&inner).expect("it can be made");
    let path = inner.join("security.jsonl");
    let telemetry = to(path.clone().into());
    fs::remove_dir_all(&inner).expect("it can be removed");
    record(&telemetry, &call("lost"));
    telemetry.flush(BOUND).expect_err("there is no directory");
    fs::create_dir(&inner).expect("it can be made");
    log(&telemetry, "kept");
    assert_eq!(read(&path), ["kept"]);
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error_at_once() {
    let directory = tempdir().expect("a directory");
    let fails = |path: &Path| {
        let log = SecurityLog::builder().file(path);
        let telemetry = Telemetry::builder().security_log(log).build();
        telemetry.expect_err("it cannot be written to").to_string()
    };
    let missing = directory.path().join("missing/security.jsonl");
    let error = fails(&missing);
    assert!(
        error.starts_with(&format!(
            "the security log cannot be written to `{}`: ",
            missing.display()
        )),
        "{error}"
    );
    let error = fails(directory.path());
    assert!(
        error.ends_with("it is no regular file; hand what is none over with `writer`"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn new_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempdir().expect("a directory");
    let path = directory.path().join("security.jsonl");
    let telemetry = to(LogFile::new(&path).max_bytes(1));
    for tool in ["a", "b"] {
        log(&telemetry, tool);
    }
    for file in [&path, &directory.path().join("security.jsonl.1")] {
        let mode = fs::metadata(file)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
