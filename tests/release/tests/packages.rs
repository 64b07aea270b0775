//! What is packaged, and what registries show of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use mcp_observe_release::{Metadata, PUBLISHED, Package, cargo, workspace};

/// What every package has.
const NEEDED: [&str; 5] = [
    "Cargo.toml",
    "README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "src/lib.rs",
];

/// What a package may have beside: files, and directories of them.
const OTHERS: [&str; 6] = [
    "src",
    "tests",
    "benches",
    "schema",
    "templates",
    "detect.toml",
];

fn metadata() -> Metadata {
    Metadata::read().unwrap_or_else(|error| panic!("{error}"))
}

/// The files of a package, as they will be unpacked.
fn packaged(package: &Package) -> BTreeSet<PathBuf> {
    // What is not committed is listed as well, so that it can be looked at before.
    let list = [
        "package",
        "--list",
        "--allow-dirty",
        "--locked",
        "--package",
        &package.name,
    ];
    let text = cargo(&list, &[]).unwrap_or_else(|error| panic!("{error}"));
    text.lines().map(PathBuf::from).collect()
}

/// Those that cargo makes itself.
fn is_made(file: &Path) -> bool {
    ["Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"]
        .iter()
        .any(|made| file == Path::new(made))
}

#[test]
fn these_are_published_and_no_others() {
    let metadata = metadata();
    let published: BTreeSet<&str> = metadata
        .members()
        .filter(|package| package.is_published())
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(
        published,
        BTreeSet::from(PUBLISHED),
        "what is not published has `publish = false`; what is belongs into `PUBLISHED`"
    );
}

#[test]
fn each_comes_after_those_that_it_needs() {
    let metadata = metadata();
    let mut before = BTreeSet::new();
    for package in metadata.published() {
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some())
        {
            assert!(
                before.contains(dependency.name.as_str()),
                "{} needs {}, which is published after it or not at all",
                package.name,
                dependency.name
            );
            assert_ne!(
                dependency.req, "*",
                "{}: {} has no version",
                package.name, dependency.name
            );
        }
        before.insert(package.name.as_str());
    }
}

#[test]
fn registries_have_something_to_show() {
    let metadata = metadata();
    for package in metadata.published() {
        let name = &package.name;
        assert!(
            package
                .description
                .as_deref()
                .is_some_and(|it| it.ends_with('.')),
            "{name}"
        );
        assert_eq!(
            package.license.as_deref(),
            Some("MIT OR Apache-2.0"),
            "{name}"
        );
        assert_eq!(package.readme.as_deref(), Some("README.md"), "{name}");
        // What crates.io takes.
        assert!(
            (1..=5).contains(&package.keywords.len()),
            "{name}: {:?}",
            package.keywords
        );
        assert!(
            package.keywords.iter().all(|keyword| keyword.len() <= 20),
            "{name}: {:?}",
            package.keywords
        );
        assert!(
            (1..=5).contains(&package.categories.len()),
            "{name}: {:?}",
            package.categories
        );
        let docs = &package.metadata["docs"]["rs"];
        assert_eq!(
            docs["all-features"], true,
            "{name}: its documentation is that of all features"
        );
        assert!(
            docs["rustdoc-args"]
                .as_array()
                .is_some_and(|it| it.iter().any(|it| it == "docsrs")),
            "{name}: its documentation says which features an item needs"
        );
    }
}

#[test]
fn a_package_has_its_sources_its_licences_and_nothing_large() {
    let metadata = metadata();
    for package in metadata.published() {
        let name = &package.name;
        let files = packaged(package);
        for needed in NEEDED {
            assert!(files.contains(Path::new(needed)), "{name} has no {needed}");
        }
        let mut size = 0;
        for file in files.iter().filter(|file| !is_made(file)) {
            assert!(
                NEEDED.iter().chain(&OTHERS).any(|it| file.starts_with(it)),
                "{name} has {}: if it belongs there, say so here; if not, `exclude` it",
                file.display()
            );
            let bytes = fs::metadata(workspace(name).join(file))
                .expect("it is there")
                .len();
            assert!(
                bytes <= 64 << 10,
                "{name}: {} has {bytes} bytes",
                file.display()
            );
            size += bytes;
        }
        assert!(size <= 1536 << 10, "{name} has {size} bytes");
    }
}

#[test]
fn what_sources_include_is_in_the_package() {
    let metadata = metadata();
    let mut included = 0;
    for package in metadata.published() {
        let files = packaged(package);
        for source in files
            .iter()
            .filter(|file| file.extension().is_some_and(|it| it == "rs"))
        {
            let text =
                fs::read_to_string(workspace(&package.name).join(source)).expect("it can be read");
            for named in text.split("include_str!(\"").skip(1) {
                let (named, _) = named.split_once('"').expect("the name ends");
                let file = beside(source, named);
                assert!(
                    file.as_ref().is_some_and(|file| files.contains(file)),
                    "{}: {} includes {named}, which is not in the package",
                    package.name,
                    source.display()
                );
                included += 1;
            }
        }
    }
    assert!(
        included >= 10,
        "templates, schemas and READMEs are included"
    );
}

/// The file that another one names; `None` is outside of the package.
fn beside(source: &Path, named: &str) -> Option<PathBuf> {
    let mut file = source.parent()?.to_owned();
    for part in Path::new(named).components() {
        match part {
            Component::ParentDir => file.pop().then_some(())?,
            Component::Normal(name) => file.push(name),
            _ => return None,
        }
    }
    Some(file)
}

/// A registry has no file beside the README, and we do not know yet where ours will be.
#[test]
fn the_readmes_link_to_no_file() {
    let metadata = metadata();
    for package in metadata.published() {
        let text =
            fs::read_to_string(workspace(&package.name).join("README.md")).expect("it can be read");
        for link in text.split("](").skip(1) {
            let (link, _) = link.split_once(')').expect("the link ends");
            assert!(
                link.starts_with("https://") || link.starts_with('#'),
                "{}'s README links to {link}, which registries do not have",
                package.name
            );
        }
    }
}
