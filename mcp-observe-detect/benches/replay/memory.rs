//! What memory the process has, where the system tells.

use std::fs;

/// Resident memory in MiB: now, and the most that it has been.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: f64,
    pub(crate) peak: f64,
}

impl Memory {
    /// None where there is no `/proc`.
    pub(crate) fn of_this_process() -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let mib = |key: &str| {
            let line = status.lines().find(|line| line.starts_with(key))?;
            let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kib / 1024.0)
        };
        Some(Self {
            now: mib("VmRSS:")?,
            peak: mib("VmHWM:")?,
        })
    }
}
