//! Colour, where it can be seen.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal};

/// Whether and how text is coloured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    coloured: bool,
}

impl Style {
    /// Colour if stdout is a terminal and `NO_COLOR` does not forbid it.
    pub(crate) fn of_stdout() -> Self {
        let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            coloured: io::stdout().is_terminal() && !forbidden,
        }
    }

    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { coloured: false };

    pub(crate) fn bold(self, text: impl Display) -> String {
        self.code("1", text)
    }

    pub(crate) fn dim(self, text: impl Display) -> String {
        self.code("2", text)
    }

    pub(crate) fn failure(self, text: impl Display) -> String {
        self.code("31", text)
    }

    pub(crate) fn bar(self, text: impl Display) -> String {
        self.code("36", text)
    }

    fn code(self, code: &str, text: impl Display) -> String {
        if self.coloured {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }
}
