//! `rules`: what is detected, and what is not.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};

use mcp_observe_detect::{Config, DEFAULT_CONFIG, Rule};
use toml::{Table, Value};

use super::arguments::Rules;
use super::failure::Failure;
use super::read_config;

/// The longest line, in characters.
const WIDTH: usize = 100;

pub(super) fn run(rules: &Rules) -> Result<(), Failure> {
    let text = if rules.toml {
        DEFAULT_CONFIG.to_owned()
    } else {
        listed(&read_config(&rules.config)?)
    };
    match io::stdout().write_all(text.as_bytes()) {
        // It was read as far as somebody wanted to.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

fn listed(config: &Config) -> String {
    let (set, default) = (settings(config), settings(&Config::default()));
    let mut text = String::new();
    for &rule in Rule::ALL {
        let own = |settings: &Table| match settings.get(rule.id()) {
            Some(Value::Table(own)) => own.clone(),
            _ => Table::new(),
        };
        list(rule, &own(&set), &own(&default), &mut text);
    }
    text.push_str("for all rules:\n");
    for (name, value) in set.iter().filter(|(_, value)| !value.is_table()) {
        list_setting(name, value, default.get(name), &mut text);
    }
    text
}

fn list(rule: Rule, set: &Table, default: &Table, text: &mut String) {
    let severity = set
        .get("severity")
        .and_then(Value::as_str)
        .unwrap_or(rule.severity().as_str());
    let off = set.get("enabled").and_then(Value::as_bool) == Some(false);
    let off = if off { ", off" } else { "" };
    // A string takes everything.
    let _ = writeln!(text, "{rule} ({severity}{off}): {}", rule.title());
    wrap("  ", rule.description(), text);
    let shown = |name: &str| name != "enabled" && name != "severity";
    for (name, value) in set.iter().filter(|(name, _)| shown(name)) {
        list_setting(name, value, default.get(name), text);
    }
    for limit in rule.limits() {
        wrap("  - ", limit, text);
    }
    text.push('\n');
}

fn list_setting(name: &str, value: &Value, default: Option<&Value>, text: &mut String) {
    let _ = write!(text, "    {name} = {value}");
    if let Some(default) = default.filter(|default| *default != value) {
        let _ = write!(text, " (default {default})");
    }
    text.push('\n');
}

/// What is in force, by rule.
fn settings(config: &Config) -> Table {
    // It has just been written.
    config.to_toml().parse().unwrap_or_default()
}

/// Appends a paragraph, its first line after `begin` and the others below that.
fn wrap(begin: &str, paragraph: &str, text: &mut String) {
    text.push_str(begin);
    let mut width = begin.len();
    let mut between = "";
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if width + between.len() + length > WIDTH {
            let _ = write!(text, "\n{:begin$}", "", begin = begin.len());
            (width, between) = (begin.len(), "");
        }
        let _ = write!(text, "{between}{word}");
        width += between.len() + length;
        between = " ";
    }
    text.push('\n');
}
