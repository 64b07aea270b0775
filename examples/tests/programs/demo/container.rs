//! What `deploy/demo/Dockerfile` starts, without Docker.

use crate::demo::child::Demo;

const DOCKERFILE: &str = include_str!("../../../../deploy/demo/Dockerfile");
const WORKSPACE: &str = include_str!("../../../../Cargo.toml");

/// What follows an instruction that is there once.
fn instruction(name: &str) -> &'static str {
    let mut lines = DOCKERFILE.lines();
    let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn words(name: &str) -> Vec<String> {
    serde_json::from_str(instruction(name)).expect("an instruction in exec form")
}

#[test]
fn its_command_serves_until_it_is_told_to_stop() {
    let entrypoint = words("ENTRYPOINT");
    assert_eq!(entrypoint[0], "demo");
    let rest = words("CMD");
    let flags: Vec<String> = entrypoint[1..]
        .iter()
        .chain(&rest)
        // Its ports are the container's own; here another program may have them.
        .map(|flag| match flag.rsplit_once(':') {
            Some((address, _)) => format!("{address}:0"),
            None => flag.clone(),
        })
        .collect();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let demo = Demo::serve_only(&flags, &[]);
    demo.terminate();
    let demo = demo.wait();
    assert_eq!((demo.code, demo.stderr.as_str()), (Some(0), ""));
    assert!(demo.stdout.contains("30 times a minute"), "{demo:#?}");
}

#[test]
fn its_rust_is_the_oldest_that_will_do() {
    let version = WORKSPACE
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("a Rust version")
        .trim_matches('"');
    let base = format!("rust:{version}-bookworm AS build");
    assert_eq!(instruction("FROM"), base);
}
