//! The runtime that other tests start their peers with.

use std::process::Command;

use mcp_observe_tests::runtimes::Node;

/// What a command prints.
fn printed(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn node_is_new_enough_and_scripts_of_packages_run_on_it() {
    let node = Node::installed(env!("CARGO_TARGET_TMPDIR"));
    let version = printed(node.command("node").arg("--version"));
    let major = version.trim_start_matches('v').split('.').next();
    let major: u32 = major.and_then(|it| it.parse().ok()).expect("a version");
    assert!(major >= 22, "{version}");
    // It says so if the Node that it runs on is too old for it.
    printed(node.command("conformance").arg("--version"));
}
