//! Where the programs are that the pipeline consists of, and what is said where one is not.

use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub(crate) fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the workspace")
}

/// Finds a program that `.ci/pipeline-tools` gets: in the directory that `MCP_OBSERVE_TOOLS` names, else
/// in `target/tools/bin` of the checkout.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let directory = env::var_os("MCP_OBSERVE_TOOLS").map_or_else(
        || checkout().join("target/tools/bin"),
        |directory| checkout().join(directory),
    );
    Some(directory.join(program)).filter(|path| path.exists())
}

/// Says that something is not tested, also where the test passes and its output is not shown.
pub(crate) fn skipped(what: &str, missing: &str) {
    let _ = writeln!(
        io::stderr(),
        "skipped: {what}: there is no {missing} (.ci/pipeline-tools gets it)"
    );
}
