//! The official conformance suite, run against a server, and what it found.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use mcp_observe_tests::runtimes::Node;
use serde::Deserialize;
use tokio::process::Command;

/// The end of the name of a scenario's directory.
const TIME: &str = "-2026-07-28T12-00-00-000Z";

/// What was checked in a scenario, and how it went.
#[derive(Debug, Deserialize)]
pub(crate) struct Check {
    /// The scenario's name.
    #[serde(skip)]
    pub(crate) scenario: String,
    /// Of the check; not unique in a scenario.
    pub(crate) id: String,
    /// `SUCCESS`, `FAILURE`, `WARNING`, `SKIPPED` or `INFO`.
    pub(crate) status: String,
    /// What is wrong.
    #[serde(rename = "errorMessage")]
    #[expect(dead_code, reason = "printed if the check fails")]
    pub(crate) complaint: Option<String>,
}

impl Check {
    /// All but the complaint, which quotes ids.
    pub(crate) fn outcome(&self) -> (&str, &str, &str) {
        (&self.scenario, &self.id, &self.status)
    }
}

/// Runs what the protocol `revision` requires against the server at `url`, and returns the checks in
/// the order of the scenarios' names. The suite's own reports are kept in `results`.
pub(crate) async fn run(node: &Node, url: &str, revision: &str, results: &Path) -> Vec<Check> {
    if results.exists() {
        fs::remove_dir_all(results).expect("the results of last time can be removed");
    }
    let output = Command::from(node.command("conformance"))
        .args(["server", "--url", url, "--requirements", revision])
        // For each scenario, in milliseconds: the machine may be busy.
        .args(["--timeout", "120000", "--output-dir"])
        .arg(results)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the suite can be started");
    // It fails if a check does, which is to be seen from the results.
    fs::write(results.join("output.txt"), &output.stdout).expect("there are results");

    let entries = fs::read_dir(results).expect("there are results");
    let mut checks: Vec<Check> = entries
        .map(|entry| entry.expect("a result").path())
        .filter(|path| path.is_dir())
        .flat_map(|path| read(&path))
        .collect();
    // Stable: within a scenario, checks stay in the order in which they were made.
    checks.sort_by(|one, other| one.scenario.cmp(&other.scenario));
    checks
}

/// The checks in the directory of one scenario, `server-{scenario}{TIME}`.
fn read(directory: &Path) -> Vec<Check> {
    let name = directory.file_name().expect("a name").to_string_lossy();
    let scenario = name
        .strip_prefix("server-")
        .and_then(|name| name.split_at_checked(name.len().checked_sub(TIME.len())?))
        .map(|(scenario, _time)| scenario);
    let scenario = scenario.unwrap_or_else(|| panic!("{name} is not a scenario's directory"));
    let checks = fs::read(directory.join("checks.json")).expect("the scenario's checks");
    let mut checks: Vec<Check> = serde_json::from_slice(&checks).expect("checks");
    for check in &mut checks {
        scenario.clone_into(&mut check.scenario);
    }
    checks
}
