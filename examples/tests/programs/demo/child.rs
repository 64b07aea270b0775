//! The demo as a child process.

use crate::process::{Ended, Program};

/// Flags with which demos do not get into each other's way.
pub(crate) const FREE_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"];

/// A running demo.
#[derive(Debug)]
pub(crate) struct Demo(Program);

impl Demo {
    fn start(flags: &[&str], environment: &[(&str, &str)]) -> Self {
        Self(Program::start(
            env!("CARGO_BIN_EXE_demo"),
            flags,
            environment,
        ))
    }

    /// Runs the demo to its end.
    pub(crate) fn run(flags: &[&str], environment: &[(&str, &str)]) -> Ended {
        Self::start(flags, environment).wait()
    }

    /// Starts the demo on free ports, and waits until it only serves.
    pub(crate) fn serve(environment: &[(&str, &str)]) -> Self {
        Self::serve_with(&[], environment)
    }

    /// The same, with more flags.
    pub(crate) fn serve_with(flags: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::serve_only(&[&FREE_PORTS, flags].concat(), environment)
    }

    /// The same, with these flags only.
    pub(crate) fn serve_only(flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut demo = Self::start(flags, environment);
        while !demo.0.line().contains("Serving until Ctrl-C.") {}
        demo
    }

    /// The first address printed that ends like this.
    pub(crate) fn url(&self, path: &str) -> &str {
        let printed = self.0.printed();
        printed
            .split_whitespace()
            .find(|word| word.starts_with("http://") && word.ends_with(path))
            .unwrap_or_else(|| panic!("no address of {path}:\n{printed}"))
    }

    /// Presses Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        self.0.signal("INT");
    }

    /// Does what supervisors and container engines do.
    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        self.0.signal("TERM");
    }

    /// Waits until the demo ends by itself.
    pub(crate) fn wait(self) -> Ended {
        self.0.wait()
    }
}
