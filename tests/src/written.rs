//! What a log writes, kept to be looked at.

use std::io::Write;
use std::sync::{Arc, Mutex};

/// All that was written, by everyone who has a clone.
#[derive(Debug, Clone, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// The bytes so far.
    ///
    /// # Panics
    /// If someone panicked while writing.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("not poisoned").clone()
    }

    /// The one line with this text.
    ///
    /// # Panics
    /// If there is none, or more than one.
    #[must_use]
    pub fn line(&self, with: &str) -> String {
        let all = String::from_utf8(self.bytes()).expect("text");
        let mut lines = all.lines().filter(|line| line.contains(with));
        let line = lines
            .next()
            .unwrap_or_else(|| panic!("{with} is not in {all}"));
        assert!(lines.next().is_none(), "{with} is there twice");
        line.to_owned()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
