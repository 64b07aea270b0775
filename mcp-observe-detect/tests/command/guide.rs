//! The replay that `docs/detection-rule.md` begins with.

use std::fs;
use std::path::Path;

use crate::program::run;

/// A file of the repository, as commands of the guide name it from there.
fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(path).to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_replay_gives_the_alert_that_it_shows() {
    let guide = fs::read_to_string(file("docs/detection-rule.md")).expect("the guide");
    let mut lines = guide.lines();
    let command = lines.find_map(|line| line.strip_prefix("mcp-observe-detect check "));
    let words: Vec<String> = command
        .expect("a command")
        .split_whitespace()
        .map(|word| match word {
            path if path.starts_with("examples/") => file(path),
            flag => flag.to_owned(),
        })
        .collect();
    let mut arguments = vec!["check"];
    arguments.extend(words.iter().map(String::as_str));
    let ended = run(&arguments);
    let shown = lines
        .find(|line| line.starts_with("{\"timestamp\""))
        .expect("an alert");
    assert_eq!(ended.stdout, format!("{shown}\n"));
    assert_eq!(ended.code, Some(1));
}
