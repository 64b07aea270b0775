//! `rules`: what is detected, and what is not.

use mcp_observe_detect::{Config, Rule};

use crate::log::Files;
use crate::program::run;

#[test]
fn every_rule_is_listed_with_its_severity_thresholds_and_limits() {
    let ended = run(&["rules"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for &rule in Rule::ALL {
        let line = format!("{rule} ({}): {}", rule.severity(), rule.title());
        assert!(ended.stdout.lines().any(|it| it == line), "{line}");
    }
    let words: Vec<&str> = ended.stdout.split_whitespace().collect();
    let words = words.join(" ");
    for limit in Rule::ALL.iter().flat_map(|rule| rule.limits()) {
        assert!(words.contains(limit), "{limit}");
    }
    for setting in [
        "    max_calls = 100\n",
        "    time_zone = \"UTC\"\n",
        "    allowance = \"5s\"\n",
    ] {
        assert!(ended.stdout.contains(setting), "{setting}");
    }
    assert!(ended.stdout.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn thresholds_are_those_in_force() {
    let files = Files::new();
    let config = files.write(
        "detect.toml",
        "[night-volume]\nmax_calls = 50\nseverity = \"critical\"\n[enumeration]\nenabled = false\n",
    );
    let ended = run(&["rules", "--config", &config]);
    for said in [
        "night-volume (critical): ",
        "    max_calls = 50 (default 100)\n",
        "enumeration (medium, off): ",
    ] {
        assert!(ended.stdout.contains(said), "{said}");
    }
}

#[test]
fn the_default_file_is_one_that_can_be_used() {
    let ended = run(&["rules", "--toml"]);
    assert_eq!(Config::from_toml(&ended.stdout), Ok(Config::default()));
    assert!(ended.stdout.contains("\n# "), "it has comments");
}
