//! What is public is what is listed in `public-api/`: a change of it is seen in review.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs, io};

use mcp_observe_release::{Metadata, Package, cargo, workspace};

/// The format of rustdoc's JSON that is read here: that of Rust 1.95. A newer one needs a newer `public-api`.
const FORMAT: u64 = 57;

/// Set to `overwrite`, it has the lists written anew.
const VARIABLE: &str = "PUBLIC_API";

#[test]
fn the_public_items_are_those_that_are_listed() {
    let metadata = Metadata::read().unwrap_or_else(|error| panic!("{error}"));
    document();
    let mut differences = String::new();
    for package in metadata.published() {
        let json = metadata
            .target_directory
            .join("doc")
            .join(format!("{}.json", package.name.replace('-', "_")));
        let format = format(&json);
        if format != FORMAT {
            let told =
                format!("format {FORMAT} of rustdoc's JSON is read, this rustdoc writes {format}");
            assert!(
                env::var_os("CI").is_none(),
                "{told}: take the `public-api` that reads it"
            );
            // Not `eprintln!`, whose output the harness keeps to itself when a test passes.
            writeln!(
                io::stderr(),
                "the lists of public items are not compared: {told}"
            )
            .expect("stderr is open");
            return;
        }
        differences += &compare(package, &listed(&json));
    }
    assert!(
        differences.is_empty(),
        "public items that are listed and gone (-), and that are not listed (+):\n{differences}\
         If that is meant, write the lists anew: \
         {VARIABLE}=overwrite cargo test --package mcp-observe-release --test public_api"
    );
}

/// Has the documentation of all libraries made: as JSON, and as where documentation is hosted (`docsrs`).
///
/// Of all, so that what they depend on has the features that it has wherever the workspace is built, and is
/// not built anew.
fn document() {
    cargo(
        &[
            "doc",
            "--workspace",
            "--lib",
            "--no-deps",
            "--all-features",
            "--locked",
        ],
        &[
            ("RUSTDOC", env!("CARGO_BIN_EXE_rustdoc-json")),
            (
                "RUSTDOCFLAGS",
                "--cfg docsrs -Z unstable-options --output-format json",
            ),
        ],
    )
    .unwrap_or_else(|error| panic!("{error}"));
}

fn format(json: &Path) -> u64 {
    let text =
        fs::read_to_string(json).unwrap_or_else(|error| panic!("{}: {error}", json.display()));
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    json["format_version"].as_u64().expect("a format")
}

/// One item on each line; not those that every type has, nor what the compiler sees by itself (`Send`).
fn listed(json: &Path) -> String {
    let items = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .unwrap_or_else(|error| panic!("{}: {error}", json.display()));
    items.items().fold(String::new(), |mut lines, item| {
        writeln!(lines, "{item}").expect("a string takes all");
        lines
    })
}

/// The lines that differ; none if the list was written anew.
fn compare(package: &Package, now: &str) -> String {
    let file = workspace("tests/release/public-api").join(format!("{}.txt", package.name));
    if env::var_os(VARIABLE).is_some_and(|value| value == "overwrite") {
        fs::write(&file, now).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return String::new();
    }
    let then = fs::read_to_string(&file).unwrap_or_default();
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) =
        (then.lines().collect(), now.lines().collect());
    let gone = before.difference(&after).map(|line| format!("- {line}\n"));
    let new = after.difference(&before).map(|line| format!("+ {line}\n"));
    gone.chain(new).collect()
}
