//! Node, and what the lock file in `tests/node` names.

use std::env::{self, consts};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{install_once, read, succeed};

const NEEDED: &str = "these tests need npm and a network (Debian: `apt-get install nodejs npm`); \
                      npm brings the newer Node that they run on";

/// Node 22 with the packages of `tests/node/package-lock.json`.
#[derive(Debug, Clone)]
pub struct Node {
    directory: PathBuf,
}

impl Node {
    /// Installs it into a test's `CARGO_TARGET_TMPDIR`, unless it is there.
    ///
    /// # Panics
    /// If npm is missing or fails.
    #[must_use]
    pub fn installed(target_tmp: impl AsRef<Path>) -> Self {
        let directory = target_tmp.as_ref().join("node");
        let pins = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
        let lock = pins.join("package-lock.json");
        install_once(&directory, &[&lock], || {
            for name in ["package.json", "package-lock.json", ".npmrc"] {
                fs::copy(pins.join(name), directory.join(name)).expect("the target directory");
            }
            // All that npm would keep elsewhere; removed, since nothing is installed twice.
            let cache = directory.join("cache");
            let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
            succeed(
                Command::new(npm)
                    .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                    .arg("--cache")
                    .arg(&cache)
                    .current_dir(&directory),
                NEEDED,
            );
            fs::remove_dir_all(&cache).expect("the target directory");
        });
        Self { directory }
    }

    /// The path of an executable that a package brings, `node` itself among them; the name alone if
    /// none does, which is then looked for in `PATH`.
    ///
    /// Those that are scripts look for `node` there as well, where the machine's may be too old: start
    /// them with [`command`](Self::command).
    #[must_use]
    pub fn executable(&self, name: &str) -> PathBuf {
        let file = if cfg!(windows) {
            format!("{name}.cmd")
        } else {
            name.to_owned()
        };
        self.executables()
            .map(|directory| directory.join(&file))
            .into_iter()
            .find(|path| path.exists())
            .unwrap_or_else(|| name.into())
    }

    /// An executable that a package brings, with the others in its `PATH`.
    ///
    /// # Panics
    /// If the variable `PATH` of the process cannot be a part of another.
    #[must_use]
    pub fn command(&self, name: &str) -> Command {
        let outer = env::var_os("PATH").unwrap_or_default();
        let path = self.executables().into_iter();
        let path: OsString =
            env::join_paths(path.chain(env::split_paths(&outer))).expect("directories of `PATH`");
        let mut command = Command::new(self.executable(name));
        command.env("PATH", path);
        command
    }

    /// Node, about to run an ECMAScript module that may import the packages. Add its arguments only.
    ///
    /// # Panics
    /// If the module cannot be read.
    #[must_use]
    pub fn script(&self, module: impl AsRef<Path>) -> Command {
        let mut command = self.command("node");
        command
            // Packages are looked for from where the module is: from here, if it is given as text.
            .current_dir(&self.directory)
            .args(["--input-type=module", "--eval"])
            .arg(read(module.as_ref()))
            .arg("--");
        command
    }

    /// Where executables are. npm 9 (Debian's) makes no link to the one `node` for this machine, as
    /// the packages with the others, which it leaves out, have one of that name.
    fn executables(&self) -> [PathBuf; 2] {
        let os = match consts::OS {
            "macos" => "darwin",
            other => other,
        };
        let architecture = match consts::ARCH {
            "x86_64" => "x64",
            "aarch64" => "arm64",
            other => other,
        };
        let packages = self.directory.join("node_modules");
        let node = packages.join(format!("node-{os}-{architecture}/bin"));
        [node, packages.join(".bin")]
    }
}
