//! promtool: the rules are well-formed, and do what their cases say.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mcp_observe_assets::Assets;
use tempfile::TempDir;

use crate::documents::{HOURS, RULES, SECURITY, TESTS};
use crate::servers;

/// Where a server's files are.
fn written(assets: &Assets) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    assets.write_to(directory.path()).expect("files");
    directory
}

/// Runs promtool. Where it is not installed, says so and does not.
fn promtool(directory: &Path, arguments: &[&str]) -> Option<Output> {
    let output = Command::new("promtool")
        .args(arguments)
        .current_dir(directory)
        .output();
    if output.is_err() {
        eprintln!("skipped: there is no promtool (Debian: in the package prometheus)");
    }
    output.ok()
}

fn assert_right(server: usize, tests: &[&str]) {
    let directory = written(&servers::all()[server]);
    for (command, files) in [("check", RULES.as_slice()), ("test", tests)] {
        for file in files {
            let Some(output) = promtool(directory.path(), &[command, "rules", file]) else {
                return;
            };
            let said = String::from_utf8_lossy(&output.stdout);
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{file}: {said}{complaint}");
            assert!(!said.contains("duplicate"), "{file}: {said}");
        }
    }
}

/// A test for each server, so that they run at the same time; those over days take longest, and two
/// servers have all kinds of names and buckets between them.
#[test]
fn alerts_of_the_weather_server_fire_when_they_should() {
    assert_right(0, &TESTS);
}

#[test]
fn alerts_of_one_tool_fire_when_they_should() {
    assert_right(1, &[HOURS, SECURITY]);
}

#[test]
fn alerts_of_tools_with_odd_names_fire_when_they_should() {
    assert_right(2, &TESTS);
}

#[test]
fn alerts_of_tools_with_labels_and_tokens_fire_when_they_should() {
    assert_right(3, &[HOURS, SECURITY]);
}

#[test]
fn an_alert_that_does_not_fire_when_it_should_is_found() {
    let directory = written(&servers::all()[0]);
    let rules = directory.path().join("prometheus/security-rules.yml");
    let right = fs::read_to_string(&rules).expect("rules");
    let wrong = right.replacen("[10m])) >= 10", "[10m])) >= 21", 1);
    assert_ne!(right, wrong);
    fs::write(&rules, wrong).expect("written");
    let test = ["test", "rules", "prometheus/security-rules.test.yml"];
    if let Some(output) = promtool(directory.path(), &test) {
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(format!("{said}{complaint}").contains("McpEnumeration"));
    }
}
