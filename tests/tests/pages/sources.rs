//! The sources of the examples, to find a block's lines in.

use std::fs;
use std::path::PathBuf;

use mcp_observe_tests::pages::root;

/// What stands in a block for lines that are left out.
const LEFT_OUT: &str = "// …";

/// The sources of all examples.
pub(crate) fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    let mut directories = vec![root().join("examples/src")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).expect("a directory") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                sources.push(fs::read_to_string(path).expect("a source"));
            }
        }
    }
    assert!(sources.len() > 10, "{} sources", sources.len());
    sources
}

/// Whether a block is lines of this source: each part of it that nothing is left out of, in its order.
pub(crate) fn is_of(block: &str, source: &str) -> bool {
    let mut parts = vec![String::new()];
    for line in block.lines() {
        if line.trim() == LEFT_OUT {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    // Lines begin where lines do.
    let source = format!("\n{source}");
    let mut rest = source.as_str();
    parts.iter().all(|part| {
        let Some((_, after)) = rest.split_once(&format!("\n{part}")) else {
            return false;
        };
        rest = after;
        // The line's end may be the next part's beginning.
        !part.trim().is_empty()
    })
}

#[test]
fn a_block_is_lines_of_a_source_in_their_order() {
    let source = "one\n    two\nthree\nfour\n";
    for (block, expected) in [
        ("one\n    two\n", true),
        ("    two\nthree\n", true),
        ("one\n// …\nfour\n", true),
        ("two\n", false),
        ("four\n// …\none\n", false),
        ("one\nthree\n", false),
        ("one\n// …\n", false),
        ("", false),
    ] {
        assert_eq!(is_of(block, source), expected, "{block:?}");
    }
}
