//! Node and Python with the packages that the tests take from their registries.
//!
//! Both are kept in the target directory, `env!("CARGO_TARGET_TMPDIR")` of the test that asks for them:
//! the first test process installs, all others use what is there, until the pinned versions change.

mod node;
mod python;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

pub use node::Node;
pub use python::Python;

/// Fills a directory unless it holds what was made from these pins.
///
/// The pins are written into it last, so that an installation that was cut short is made anew. Test
/// processes wait for each other; the system gives the lock back if one dies.
fn install_once(directory: &Path, pins: &[&Path], install: impl FnOnce()) {
    let wanted: String = pins.iter().map(|pin| read(pin)).collect();
    let installed = directory.join("installed-from");

    let parent = directory.parent().expect("it is in the target directory");
    fs::create_dir_all(parent).expect("the target directory can be written to");
    let lock = File::create(directory.with_extension("lock")).expect("a lock's file");
    #[expect(
        clippy::incompatible_msrv,
        reason = "the tests need Rust 1.91 for more than this"
    )]
    lock.lock().expect("the lock of an installation");

    if fs::read_to_string(&installed).is_ok_and(|from| from == wanted) {
        return;
    }
    if directory.exists() {
        fs::remove_dir_all(directory).expect("the outdated installation can be removed");
    }
    fs::create_dir(directory).expect("the target directory can be written to");
    install();
    fs::write(&installed, wanted).expect("the installation can be written to");
}

/// A pinned list that is kept under `tests/`.
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a step of an installation. `needed` says what to install if it cannot even be started.
fn succeed(command: &mut Command, needed: &str) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} cannot be run ({error}): {needed}"));
    assert!(
        output.status.success(),
        "{command:?} failed ({}); {needed}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}

#[cfg(test)]
mod tests {
    use std::panic;
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    /// A directory of the test's own, and a file with pins.
    fn place(name: &str) -> (PathBuf, PathBuf) {
        let place = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&place).expect("a directory for temporary files");
        let pins = place.join("pins");
        fs::write(&pins, "1.0").expect("it can be written to");
        (place, pins)
    }

    #[test]
    fn the_first_installs_and_the_others_wait() {
        let (place, pins) = place("the-first-installs");
        let directory = place.join("installed");
        let installations = AtomicUsize::new(0);
        let install = || {
            install_once(&directory, &[&pins], || {
                installations.fetch_add(1, Ordering::Relaxed);
                fs::write(directory.join("package"), "").expect("it can be written to");
            });
            assert!(directory.join("package").exists(), "it is complete");
        };
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(install);
            }
        });
        assert_eq!(installations.load(Ordering::Relaxed), 1);

        fs::write(&pins, "1.1").expect("it can be written to");
        install();
        assert_eq!(installations.load(Ordering::Relaxed), 2, "other versions");
        fs::remove_dir_all(place).expect("it is there");
    }

    #[test]
    fn what_was_cut_short_is_made_anew() {
        let (place, pins) = place("cut-short");
        let directory = place.join("installed");
        let cut_short = panic::catch_unwind(|| {
            install_once(&directory, &[&pins], || {
                fs::write(directory.join("half"), "").expect("it can be written to");
                panic!("the network is away");
            });
        });
        assert!(cut_short.is_err());

        install_once(&directory, &[&pins], || {
            assert!(!directory.join("half").exists(), "nothing is left of it");
        });
        fs::remove_dir_all(place).expect("it is there");
    }
}
