//! The files in `deploy/`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file or directory of `deploy/`.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy")
        .join(name)
}

/// Its files whose names end so, in the order of their names; there are some.
pub(crate) fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(path(directory)).expect("a directory");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|file| file.extension().is_some_and(|it| it == extension))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{directory} has no .{extension}");
    files
}

/// The text of a file.
pub(crate) fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The documents of a YAML file.
pub(crate) fn yaml(file: &Path) -> Vec<Value> {
    let text = text(file);
    yaml_serde::Deserializer::from_str(&text)
        .map(|document| {
            serde::Deserialize::deserialize(document)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}

/// A file's name without its extension.
pub(crate) fn stem(file: &Path) -> &str {
    let stem = file.file_stem().expect("a file's name");
    stem.to_str().expect("ASCII")
}

/// A text of a document.
pub(crate) fn string<'a>(value: &'a Value, what: &str) -> &'a str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{what} is no text: {value}"))
}

/// A list of a document; empty if it is not there.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
