//! The corpus in `deploy/corpus`: for each detection rule events that it should raise alerts at, and
//! events that only look like it. They are written by the real emitter: an rmcp server over HTTP with
//! `#[mcp_tool]`, `Observed` and `ObserveLayer`, and the security log's clock in the script's hand.
//!
//! The files are compared byte by byte; `CORPUS=overwrite` writes them anew.

mod caller;
mod lines;
mod office;
mod rules;
mod script;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use lines::Kept;
use mcp_observe_tests::security_event;
use rules::{RULES, Rule};
use script::{Alert, Outcome, Scene, Script};
use serde::Serialize;

/// What the README says of all files, before it says what is in each.
const INTRODUCTION: &str = include_str!("introduction.md");

/// `expected.json` of a rule: the alerts of that rule, in the order of the lines that they are due at.
#[derive(Serialize)]
struct Expected {
    rule: &'static str,
    positive: Vec<Alert>,
    negative: Vec<Alert>,
}

#[test]
fn corpus_is_what_the_emitter_writes() {
    let overwrite = env::var("CORPUS").is_ok_and(|it| it == "overwrite");
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/corpus"));
    let mut differing = Vec::new();
    for (name, text) in files() {
        let path = folder.join(&name);
        if fs::read_to_string(&path).is_ok_and(|kept| kept == text) {
            continue;
        }
        if overwrite {
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(&path, text).expect("the file can be written");
        } else {
            differing.push(name);
        }
    }
    assert!(
        differing.is_empty(),
        "deploy/corpus is not what the emitter writes now: {differing:?}; \
         if that is meant to be so, run this test with CORPUS=overwrite and read the difference"
    );
}

/// All files with what they should contain.
fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut readme = INTRODUCTION.to_owned();
    for Rule {
        id,
        positive,
        negative,
    } in RULES
    {
        let _ = write!(readme, "\n## `{id}`\n");
        let [positive, negative] =
            [("positive", positive), ("negative", negative)].map(|(name, script)| {
                let mut outcome = Script::play(*script);
                let kept = Kept::of(&outcome.lines);
                let _as_the_schema_says = security_event::events(&kept.lines);
                rename_sessions(&mut outcome.alerts, &kept);
                describe(&mut readme, name, &outcome);
                files.push((format!("{id}/{name}.jsonl"), kept.lines));
                outcome.alerts
            });
        assert!(!positive.is_empty() && negative.is_empty(), "{id}");
        let expected = Expected {
            rule: id,
            positive,
            negative,
        };
        let mut json = serde_json::to_string_pretty(&expected).expect("it is JSON");
        json.push('\n');
        files.push((format!("{id}/expected.json"), json));
    }
    files.push(("README.md".to_owned(), readme));
    files
}

fn rename_sessions(alerts: &mut [Alert], kept: &Kept) {
    for session in alerts
        .iter_mut()
        .filter_map(|alert| alert.key.get_mut("mcp.session.id"))
    {
        *session = kept.session(session).expect("a session of the lines");
    }
}

/// Says what is in a file, scene by scene.
fn describe(readme: &mut String, name: &str, outcome: &Outcome) {
    let _ = write!(
        readme,
        "\n| `{name}.jsonl` | shows | alerts at |\n| --- | --- | --- |\n"
    );
    let last = outcome.lines.lines().count();
    let ends = outcome.scenes.iter().skip(1).map(|next| next.line - 1);
    for (Scene { line, shows }, end) in outcome.scenes.iter().zip(ends.chain([last])) {
        let of_scene = |alert: &&Alert| (*line..=end).contains(&alert.line);
        let alerts: Vec<_> = outcome
            .alerts
            .iter()
            .filter(of_scene)
            .map(|alert| alert.line.to_string())
            .collect();
        let _ = writeln!(readme, "| {line}–{end} | {shows} | {} |", alerts.join(", "));
    }
}
