//! What memory a process has, where the system tells.

use std::fs;

/// Resident memory of this process in bytes; 0 where there is no `/proc`.
#[must_use]
pub fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kib| kib * 1024)
}

/// In MiB, to be read.
#[must_use]
pub fn mib(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "it is printed with one digit")]
    let bytes = bytes as f64;
    bytes / f64::from(1 << 20)
}
