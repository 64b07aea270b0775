//! What is published, asked of cargo: for the tests of what must hold before a release.

mod cargo;
mod metadata;
mod version;

pub use cargo::{CargoError, cargo};
pub use metadata::{Dependency, Metadata, Package};
pub use version::RustVersion;

/// The packages that are published, those first that others need.
pub const PUBLISHED: [&str; 4] = [
    "mcp-observe-macros",
    "mcp-observe",
    "mcp-observe-detect",
    "mcp-observe-assets",
];

/// The path of a file in the workspace, which is named from its root.
#[must_use]
pub fn workspace(file: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(file)
}
