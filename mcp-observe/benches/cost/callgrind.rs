//! Instructions, counted by callgrind. Deterministic, and so the figures to compare by.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::COUNT;
use crate::measure::repeat;
use crate::scenario::Scenario;

/// glibc copies as the processor does best, and how many instructions that takes also depends on where the
/// stack begins, which the length of the environment decides. Without these, it copies by 16 bytes everywhere.
const TUNABLES: &str =
    "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM,-AVX_Fast_Unaligned_Load";

const WARM_UP: u32 = 10;
const CALLS: u32 = 1_000;

/// The scenario's own process, run by callgrind.
pub(crate) fn count(call: &mut dyn FnMut()) {
    allocation_counter::opt_out(|| {
        repeat(call, WARM_UP);
        collected_calls(call);
    });
}

/// Callgrind collects while it is inside of this function, which it knows by its name. Not generic,
/// and without a closure, so that no other function's name has this one's in it.
#[inline(never)]
fn collected_calls(call: &mut dyn FnMut()) {
    for _ in 0..CALLS {
        call();
    }
}

/// Where callgrind leaves a scenario's profile, for `callgrind_annotate`.
fn profile(scenario: Scenario) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("callgrind.{}", scenario.argument()))
}

/// Instructions a call; none if there is no valgrind.
pub(crate) fn instructions(scenario: Scenario) -> Option<f64> {
    let profile = profile(scenario);
    let run = Command::new("valgrind")
        .env("GLIBC_TUNABLES", TUNABLES)
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .arg("--toggle-collect=*collected_calls*")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe().ok()?)
        .args([COUNT, &scenario.argument()])
        .output()
        .ok()?;
    if !run.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&run.stderr));
        return None;
    }
    let profile = fs::read_to_string(profile).ok()?;
    let totals = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))?;
    let total: f64 = totals.trim().parse().ok()?;
    Some(total / f64::from(CALLS))
}
