//! What the fuzz targets begin with, seeds and what was found.

use std::fs;
use std::path::{Path, PathBuf};

use mcp_observe_invariants::TARGETS;

/// So that a checkout stays small: of one target's corpus, in bytes.
const LARGEST: u64 = 256 * 1_024;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn names(directory: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("text");
    let mut names: Vec<String> = entries.map(|it| name(it.expect("an entry"))).collect();
    names.sort();
    names
}

#[test]
fn the_invariants_hold_for_the_corpus() {
    for target in TARGETS {
        let directory = fuzz().join("corpus").join(target.name);
        let names = names(&directory);
        assert!(names.len() >= 4, "{}: {names:?}", target.name);
        let mut bytes = 0;
        for name in names {
            let input = fs::read(directory.join(&name)).expect("a file");
            bytes += u64::try_from(input.len()).expect("a length");
            println!("{}/{name}", target.name);
            (target.hold)(&input);
        }
        assert!(bytes <= LARGEST, "{}: {bytes} bytes", target.name);
    }
}

/// Each has its file, and its line in the manifest; there are no others. They are not compiled here, where
/// that would be all dependencies once more: each is a call of what is compiled here.
#[test]
fn each_invariant_is_a_fuzz_target() {
    let expected = TARGETS.map(|target| target.name);
    assert_eq!(names(&fuzz().join("corpus")), expected);
    assert_eq!(
        names(&fuzz().join("fuzz_targets")),
        expected.map(|name| format!("{name}.rs"))
    );
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("the manifest");
    for name in expected {
        let path = fuzz().join("fuzz_targets").join(format!("{name}.rs"));
        let source = fs::read_to_string(path).expect("a file");
        assert!(
            source.contains(&format!("mcp_observe_invariants::{name}::hold(")),
            "{source}"
        );
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
    }
}
