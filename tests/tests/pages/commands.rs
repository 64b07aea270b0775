//! Commands: each is run by a test, or says here why none can.

use std::collections::BTreeSet;

use mcp_observe_tests::pages::{Page, pages, root};
use regex::Regex;

/// What becomes of a command of the pages.
enum Proof {
    /// This test runs it, as these words of its source say.
    Run(&'static str, &'static str),
    /// No test can, for this reason.
    NotRun(&'static str),
}
use Proof::{NotRun, Run};

const GUIDES: &str = "examples/tests/programs/guides";
const NO_DOCKER: &str = "needs Docker; `stack` checks the file's images, ports and mounts";
const NO_ACCOUNT: &str = "needs an account there, and a key of it";
const BY_HAND: &str = "takes minutes; `short` of tests/load runs each part with fewer messages";
const ALL_TESTS: &str = "`cargo test` runs all tests";
const FOR_EYES: &str = "is for looking at; both files are built, and are there";
const BUILDS: &str = "builds or gets what this very test is built from";

/// All commands of the pages, without the variables that they set; of those that end with `…`, the beginning.
#[rustfmt::skip]
const COMMANDS: [(&str, Proof); 39] = [
    (".ci/run", NotRun("it runs all of this")),
    ("cargo install mcp-observe-detect", NotRun("gets what is published; CI builds the package that will be")),
    ("cargo install --path mcp-observe-detect", NotRun(BUILDS)),
    ("cargo run", Run("examples/tests/programs/demo/serving.rs", "Demo::serve(&[])")),
    ("cargo run -- --once", Run("examples/tests/programs/demo/once.rs", "\"--once\"")),
    ("cargo run --bin assets -- --check deploy", Run("examples/tests/programs/assets/mod.rs", "&[\"--check\", DEPLOY]")),
    ("cargo run --bin assets -- deploy", Run("examples/tests/programs/assets/outdated.rs", "run(&[path])")),
    ("cargo run --bin own-rule -- --config examples/src/own_rule/detect.toml examples/src/own_rule/security.jsonl", Run(GUIDES, "contains(\"--bin own-rule\")")),
    ("cargo run --bin stdio", Run("examples/tests/programs/stdio/mod.rs", "CARGO_BIN_EXE_stdio")),
    ("cargo run --bin tickets < examples/src/tickets/session.jsonl", Run(GUIDES, "starts_with(\"OTEL_EXPORTER_OTLP_ENDPOINT=\")")),
    ("cargo run --bin tickets -- --listen 127.0.0.1:8000", Run(GUIDES, "ends_with(\"tickets -- --listen 127.0.0.1:8000\")")),
    ("cargo run --bin tickets -- --listen 127.0.0.1:8000 --security-log security.jsonl", Run(GUIDES, "contains(\"--security-log\")")),
    ("cargo run --bin tickets-by-hand < examples/src/tickets/session.jsonl", Run(GUIDES, "\"tickets-by-hand \"")),
    ("cargo run --bin tickets-migrated < examples/src/tickets/session.jsonl", Run(GUIDES, "\"tickets-migrated \"")),
    ("cargo run --bin tickets-plain < examples/src/tickets/session.jsonl | sort", Run(GUIDES, "ends_with(\"| sort\")")),
    ("cargo run --bin tickets-plain -- --listen 127.0.0.1:8000", Run(GUIDES, "--bin {name} -- --listen 127.0.0.1:8000")),
    ("cargo run --bin without-rmcp", Run("examples/tests/programs/without_rmcp/mod.rs", "CARGO_BIN_EXE_without-rmcp")),
    ("cargo run --release -p mcp-observe-load -- --long --page docs/under-fire.md", NotRun(BY_HAND)),
    ("cargo run --release -p mcp-observe-load -- --page docs/under-fire.md", NotRun(BY_HAND)),
    ("cargo test", Run(".ci/run", "step cargo test\n")),
    ("cargo test -p mcp-observe-detect --test rules --test evasion", NotRun(ALL_TESTS)),
    ("cargo test -p mcp-observe-tests --test corpus --test detection_rules", NotRun(ALL_TESTS)),
    ("curl http://127.0.0.1:8000/…", Run(GUIDES, "strip_prefix(\"curl \")")),
    ("diff examples/src/tickets/by_hand.rs examples/src/tickets/migrated.rs", NotRun(FOR_EYES)),
    ("diff examples/src/tickets/plain.rs examples/src/tickets/observed.rs", NotRun(FOR_EYES)),
    ("docker compose -f deploy/compose.yaml up -d --build --wait", NotRun(NO_DOCKER)),
    ("docker run --detach --name datadog-agent…", NotRun(NO_ACCOUNT)),
    ("for rule in deploy/datadog/*.json; do curl --fail-with-body…", NotRun(NO_ACCOUNT)),
    ("git clone ADDRESS mcp-observe && cd mcp-observe", NotRun(BUILDS)),
    ("mcp-observe-detect check --config examples/src/own_rule/detect.toml examples/src/own_rule/security.jsonl", Run("mcp-observe-detect/tests/command/guide.rs", "mcp-observe-detect check")),
    ("mcp-observe-detect check security.jsonl", Run("mcp-observe-detect/tests/command/check.rs", "[\"check\", &log]")),
    ("mcp-observe-detect check security.jsonl.1 security.jsonl", Run("mcp-observe-detect/tests/command/check.rs", "[\"check\", &log]")),
    ("mcp-observe-detect rules", Run("mcp-observe-detect/tests/command/rules.rs", "run(&[\"rules\"])")),
    ("mcp-observe-detect rules --toml > detect.toml", Run("mcp-observe-detect/tests/command/rules.rs", "&[\"rules\", \"--toml\"]")),
    ("mcp-observe-detect watch security.jsonl", Run("mcp-observe-detect/tests/command/watch.rs", "\"watch\"")),
    ("my-server", NotRun("is the reader's; variables are checked by `variables`")),
    ("open http://127.0.0.1:3000", NotRun("opens a browser; `stack` checks the port")),
    ("sed 's/mcp-server/weather/' deploy/loki/rules.yaml > /etc/loki/rules/fake/mcp.yaml", NotRun("writes to the reader's Loki; the Compose file does the same")),
    ("sigma convert --target esql --pipeline my-mcp.yml deploy/sigma/enumeration.yml", NotRun("needs the reader's pipeline; `detection_rules` checks the file")),
];

/// The commands of a page: lines that go on are one, comments and variables are none.
fn commands(page: &Page) -> Vec<String> {
    let comment = Regex::new(r"(^|\s+)#.*$").expect("an expression");
    let variables = Regex::new(r"^(export )?([A-Z][A-Z0-9_]*=\S+ ?)+").expect("an expression");
    let mut commands = Vec::new();
    for block in page.blocks_in("sh") {
        let block = block.replace("\\\n", " ").replace("; do\n", "; do ");
        for line in block.lines().filter(|line| *line != "done") {
            let line = comment.replace(line, "");
            let line: Vec<&str> = line.split_whitespace().collect();
            let line = line.join(" ");
            // A value with spaces in it is in quotes, and a line of its own.
            let is_value = line.starts_with("export ") && line.contains("=\"");
            let command = variables.replace(&line, "").into_owned();
            if command.len() < line.len() {
                let checked = page.name.starts_with("docs/");
                assert!(
                    checked,
                    "`variables` does not look at {}: {line}",
                    page.name
                );
            }
            if !command.is_empty() && !is_value {
                commands.push(command);
            }
        }
    }
    commands
}

/// Which of [`COMMANDS`] it is.
fn known(command: &str) -> Option<usize> {
    COMMANDS
        .iter()
        .position(|(known, _)| match known.strip_suffix('…') {
            Some(beginning) => command.starts_with(beginning),
            None => command == *known,
        })
}

#[test]
fn each_is_run_or_says_why_not() {
    let mut seen = BTreeSet::new();
    for page in pages() {
        for command in commands(&page) {
            let found = known(&command).unwrap_or_else(|| {
                panic!(
                    "{}: let a test run this, and name it in COMMANDS: {command}",
                    page.name
                )
            });
            seen.insert(found);
        }
    }
    let unused = COMMANDS.iter().enumerate();
    let unused: Vec<_> = unused
        .filter(|(index, _)| !seen.contains(index))
        .map(|(_, (command, _))| command)
        .collect();
    assert!(unused.is_empty(), "no page has {unused:?}");
}

#[test]
fn what_is_not_run_has_a_reason_and_the_rest_a_test() {
    for (command, proof) in &COMMANDS {
        match proof {
            NotRun(reason) => assert!(reason.len() > 10, "{command}"),
            Run(test, words) => {
                let path = root().join(test);
                let sources: Vec<String> = if path.is_dir() {
                    let entries = path.read_dir().expect("a directory");
                    let paths = entries.map(|entry| entry.expect("an entry").path());
                    paths
                        .map(|it| std::fs::read_to_string(it).expect("a source"))
                        .collect()
                } else {
                    vec![Page::read(test).text]
                };
                let runs = sources.iter().any(|source| source.contains(words));
                assert!(runs, "{test} does not have {words}: {command}");
            }
        }
    }
}

/// Tests that are named are there, and so are files of this repository.
#[test]
fn what_commands_name_is_there() {
    let file = Regex::new(r"(?:^|[\s@'])((?:examples|deploy|docs|tests)/[\w./-]+\.\w+)")
        .expect("an expression");
    let test = Regex::new(r"--test (\w+)").expect("an expression");
    let package = Regex::new(r"-p mcp-observe-(\w+)").expect("an expression");
    let mut seen = 0;
    for page in pages() {
        for command in commands(&page) {
            for found in file.captures_iter(&command) {
                assert!(root().join(&found[1]).exists(), "{}: {command}", page.name);
                seen += 1;
            }
            for found in test.captures_iter(&command) {
                let package = &package.captures(&command).expect("a package")[1];
                let directory = match package {
                    "tests" => "tests".to_owned(),
                    package => format!("mcp-observe-{package}"),
                };
                let there = [".rs", "/main.rs"].map(|end| {
                    let path = format!("{directory}/tests/{}{end}", &found[1]);
                    root().join(path).exists()
                });
                assert!(there.contains(&true), "{}: {command}", page.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen} names were looked at");
}
