//! Every feature is checked, alone and in the sets that people are told to use: those of `.ci/features`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mcp_observe_release::{Metadata, Package, workspace};

const FILE: &str = ".ci/features";

/// A package, and which of its features are on.
type Set = (String, BTreeSet<String>);

fn set<'a>(package: &str, features: impl IntoIterator<Item = &'a str>) -> Set {
    let features = features.into_iter().map(str::to_owned).collect();
    (package.to_owned(), features)
}

/// The sets of the file.
fn checked() -> BTreeSet<Set> {
    let text = read(&workspace(FILE));
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (package, features) = line.split_once(' ').expect("a package and its features");
            set(
                package,
                features.split(',').filter(|feature| *feature != "-"),
            )
        })
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What has to be in the file and is not, as lines of it.
fn missing(wanted: impl IntoIterator<Item = Set>) -> Vec<String> {
    let checked = checked();
    wanted
        .into_iter()
        .filter(|set| !checked.contains(set))
        .map(|(package, features)| {
            let features = Vec::from_iter(features);
            let features = if features.is_empty() {
                "-".to_owned()
            } else {
                features.join(",")
            };
            format!("{package} {features}")
        })
        .collect()
}

fn metadata() -> Metadata {
    Metadata::read().unwrap_or_else(|error| panic!("{error}"))
}

/// Those that `default` is a list of, or none.
fn default_features(package: &Package) -> Vec<&str> {
    let listed = package.features.get("default").map(Vec::as_slice);
    listed
        .unwrap_or_default()
        .iter()
        .map(String::as_str)
        .collect()
}

#[test]
fn each_feature_is_checked_alone_and_so_are_none_and_the_default() {
    let metadata = metadata();
    let wanted = metadata.published().flat_map(|package| {
        let features = package
            .features
            .keys()
            .filter(|feature| *feature != "default");
        let alone = features.map(|feature| set(&package.name, [feature.as_str()]));
        let none = set(&package.name, []);
        let default = set(&package.name, default_features(package));
        alone.chain([none, default])
    });
    assert_eq!(missing(wanted), [""; 0], "not in {FILE}");
}

#[test]
fn there_are_no_others() {
    let metadata = metadata();
    for (package, features) in checked() {
        let Some(known) = metadata.published().find(|known| known.name == package) else {
            panic!("{FILE}: {package} is not published");
        };
        for feature in features {
            assert!(
                known.features.contains_key(&feature),
                "{FILE}: {package} has no {feature}"
            );
        }
    }
}

#[test]
fn what_the_documentation_turns_on_is_checked() {
    let metadata = metadata();
    let mut told = Vec::new();
    for page in pages(&metadata) {
        for line in read(&page).lines() {
            told.extend(
                metadata
                    .published()
                    .filter_map(|package| turned_on(package, line)),
            );
        }
    }
    assert!(
        told.len() >= 4,
        "the documentation has lines of manifests: {told:?}"
    );
    assert_eq!(missing(told), [""; 0], "not in {FILE}");
}

/// The features that a line of somebody's manifest turns on, the default ones among them.
fn turned_on(package: &Package, line: &str) -> Option<Set> {
    let value = line
        .strip_prefix(package.name.as_str())?
        .strip_prefix(" = ")?;
    let listed = match value.split_once("features = [") {
        Some((_, rest)) => rest.split_once(']').expect("the list ends").0,
        None => "",
    };
    let named = listed.split(", ").map(|feature| feature.trim_matches('"'));
    let default = if value.contains("default-features = false") {
        Vec::new()
    } else {
        default_features(package)
    };
    Some(set(
        &package.name,
        default
            .into_iter()
            .chain(named)
            .filter(|feature| !feature.is_empty()),
    ))
}

/// The README, those of the packages, and `docs/`.
fn pages(metadata: &Metadata) -> Vec<PathBuf> {
    let mut pages = vec![workspace("README.md")];
    pages.extend(
        metadata
            .published()
            .map(|package| workspace(&package.name).join("README.md")),
    );
    let mut directories = vec![workspace("docs")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).expect("it can be listed") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages
}
