//! What must compile, and what must not and with which words: one small file per rule.

use std::io::Write as _;

/// The messages around ours belong to the compiler and change with it: they are compared only
/// where they were written. `TRYBUILD=overwrite` writes them anew.
const MESSAGES_OF: &str = include_str!("ui/RUSTC").trim_ascii();

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    match compiler() {
        Ok(version) if version == MESSAGES_OF => cases.compile_fail("tests/ui/fail/*.rs"),
        // Not `eprintln!`, whose output the harness keeps to itself when a test passes.
        Ok(version) => writeln!(
            std::io::stderr(),
            "tests/ui/fail skipped: its messages are those of rustc {MESSAGES_OF}, this is {version}"
        )
        .expect("stderr is open"),
        Err(error) => panic!("cannot tell which rustc this is: {error}"),
    }
}

/// The minor release, as in `1.95`. A nightly or beta is none: its messages are not final.
fn compiler() -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc)
        .arg("--version")
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let release = text
        .split_whitespace()
        .nth(1)
        .ok_or_else(|| format!("unexpected answer {text:?}"))?;
    if release.contains('-') {
        return Ok(release.to_owned());
    }
    let mut parts = release.split('.');
    match (parts.next(), parts.next()) {
        (Some(major), Some(minor)) => Ok(format!("{major}.{minor}")),
        _ => Err(format!("unexpected release {release:?}")),
    }
}
