//! Python, and what the lists in `tests/python` name.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{install_once, succeed};

const NEEDED: &str = "these tests need `python3` with its `venv` module, and a network \
                      (Debian: `apt-get install python3 python3-venv`)";

/// Python in a virtual environment with the packages of a list.
#[derive(Debug, Clone)]
pub struct Python {
    interpreter: PathBuf,
}

impl Python {
    /// Installs MCP's SDK into a test's `CARGO_TARGET_TMPDIR`, unless it is there.
    ///
    /// # Panics
    /// If Python is missing, or its installer fails.
    #[must_use]
    pub fn installed(target_tmp: impl AsRef<Path>) -> Self {
        Self::with(target_tmp.as_ref(), "python", "requirements.txt")
    }

    /// The same with what checks detection rules of other makes.
    ///
    /// # Panics
    /// If Python is missing, or its installer fails.
    #[must_use]
    pub fn for_detection_rules(target_tmp: impl AsRef<Path>) -> Self {
        Self::with(
            target_tmp.as_ref(),
            "python-detection-rules",
            "detection-rules.txt",
        )
    }

    fn with(target_tmp: &Path, environment: &str, list: &str) -> Self {
        let environment = target_tmp.join(environment);
        let interpreter = environment.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("python")
            .join(list);
        install_once(&environment, &[&requirements], || {
            succeed(
                Command::new("python3")
                    .args(["-m", "venv"])
                    .arg(&environment),
                NEEDED,
            );
            succeed(
                Command::new(&interpreter)
                    .args(["-m", "pip", "install", "--quiet", "--no-input"])
                    .args([
                        "--no-cache-dir",
                        "--disable-pip-version-check",
                        "--requirement",
                    ])
                    .arg(&requirements),
                NEEDED,
            );
        });
        Self { interpreter }
    }

    /// The interpreter, about to run a script that may import the packages. Add its arguments only.
    #[must_use]
    pub fn script(&self, script: impl AsRef<Path>) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.arg(script.as_ref());
        command
    }

    /// The interpreter, about to run a module of the packages. Add its arguments only.
    #[must_use]
    pub fn module(&self, name: &str) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.args(["-m", name]);
        command
    }
}
