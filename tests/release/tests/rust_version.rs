//! The oldest Rust that works is the one that is said to.
//!
//! There is one toolchain here, which is newer. Clippy's `incompatible_msrv` knows since when the standard
//! library has what we use of it, and this what the dependencies say of themselves. Neither knows of syntax.

use mcp_observe_release::{Metadata, Package, RustVersion, workspace};

fn rust_version(package: &Package) -> Option<RustVersion> {
    let text = package.rust_version.as_deref()?;
    Some(
        text.parse()
            .unwrap_or_else(|error| panic!("{}: {error}", package.name)),
    )
}

#[test]
fn dependencies_need_no_newer_rust_than_we_say() {
    let metadata = Metadata::read().unwrap_or_else(|error| panic!("{error}"));
    for published in metadata.published() {
        let said = rust_version(published).expect("it has a `rust-version`");
        let compiled = metadata.compiled_with(published);
        // All but those that the standard library would do for.
        assert!(
            compiled
                .iter()
                .any(|(package, _)| package.name == "serde_core" || package.name == "syn")
        );
        let newer: Vec<String> = compiled
            .iter()
            .filter_map(|(package, through)| {
                let needed = rust_version(package).filter(|needed| *needed > said)?;
                let (name, version) = (&package.name, &package.version);
                Some(format!(
                    "{name} {version} needs {needed}: {}",
                    through.join(" → ")
                ))
            })
            .collect();
        assert!(
            newer.is_empty(),
            "{} says that Rust {said} does; take older ones into Cargo.lock, or say that it takes a newer Rust:\n{}",
            published.name,
            newer.join("\n"),
        );
    }
}

#[test]
fn the_readme_says_what_the_tests_need() {
    let metadata = Metadata::read().unwrap_or_else(|error| panic!("{error}"));
    let newest = metadata
        .packages()
        .filter_map(rust_version)
        .max()
        .expect("some say so");
    let readme = std::fs::read_to_string(workspace("README.md")).expect("it can be read");
    let (_, rest) = readme
        .split_once("All tests, which also need Rust ")
        .expect("the README says what they need");
    assert_eq!(
        rest.split_whitespace().next(),
        Some(newest.to_string().as_str()),
        "the first Rust that all dependencies of the tests take is {newest}"
    );
}

/// What the README's table of versions says.
#[test]
fn the_readme_says_which_rust_does() {
    let metadata = Metadata::read().unwrap_or_else(|error| panic!("{error}"));
    let readme = std::fs::read_to_string(workspace("README.md")).expect("it can be read");
    for package in metadata.published() {
        let said = rust_version(package).expect("it has a `rust-version`");
        assert!(
            readme.contains(&format!(" {said} or newer |")),
            "{}: {said}",
            package.name
        );
    }
}
