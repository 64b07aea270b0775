//! Reading rmcp's source and ours, to compare what has to be alike.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Where rmcp's source is.
///
/// # Panics
/// If cargo does not tell.
#[must_use]
pub fn rmcp_source() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo tells");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let rmcp = packages
        .iter()
        .find(|package| package["name"] == "rmcp")
        .expect("rmcp is there");
    let manifest = rmcp["manifest_path"].as_str().expect("a path");
    Path::new(manifest)
        .parent()
        .expect("a directory")
        .to_owned()
}

/// What is between `start` and the next `end`.
///
/// # Panics
/// If either is not there.
#[must_use]
pub fn between<'a>(source: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = source
        .split_once(start)
        .unwrap_or_else(|| panic!("`{start}` is there"));
    rest.split_once(end)
        .unwrap_or_else(|| panic!("`{start}` ends"))
        .0
}

/// The names that stand right after `before` and are followed by a parenthesis, outside of comments.
#[must_use]
pub fn names_after(source: &str, before: &str) -> BTreeSet<String> {
    let is_name = |name: &str| {
        let of_names = |byte| byte == b'_' || u8::is_ascii_alphanumeric(&byte);
        !name.is_empty() && name.bytes().all(of_names)
    };
    let code: Vec<&str> = source
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"))
        .collect();
    code.join("\n")
        .split(before)
        .skip(1)
        .filter_map(|rest| rest.trim_start().split_once('('))
        .map(|(name, _)| name)
        .filter(|name| is_name(name))
        .map(str::to_owned)
        .collect()
}
