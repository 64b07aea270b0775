//! How many events the security log takes to a file, from calls to lines that are written.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, process};

use mcp_observe::Telemetry;
use mcp_observe::security::{LogFile, SecurityLog};

use crate::bare;
use crate::measure::repeat;
use crate::{THROUGHPUT, ours};

const BURSTS: u32 = 20;
/// What the queue takes at once, so that nothing is lost.
const BURST: u32 = 50_000;
const BOUND: Duration = Duration::from_secs(60);

/// Makes the calls in this process, one after the other, and prints what came of it.
///
/// # Panics
/// If the file has not all lines.
pub(crate) fn measure() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("log.{}", process::id()));
    let log = SecurityLog::builder()
        .file(LogFile::new(&path).max_bytes(u64::MAX))
        .queue(BURST as usize, 1 << 28);
    let telemetry = Telemetry::builder()
        .security_log(log)
        .install()
        .expect("nothing else is installed");
    let mut call = bare::calling(ours::add, 1, 2);
    allocation_counter::opt_out(|| {
        repeat(&mut *call, 1_000);
        telemetry.flush(BOUND).expect("it is written");
        let started = Instant::now();
        for _ in 0..BURSTS {
            repeat(&mut *call, BURST);
            telemetry.flush(BOUND).expect("it is written");
        }
        let seconds = started.elapsed().as_secs_f64();
        let file = BufReader::new(File::open(&path).expect("it is there"));
        let lines = file.lines().count();
        assert_eq!(lines, (BURSTS * BURST) as usize + 1_000, "nothing is lost");
        let bytes = fs::metadata(&path).expect("it is there").len();
        println!(
            "{:.0} events/s of {} bytes",
            f64::from(BURSTS * BURST) / seconds,
            bytes / lines as u64
        );
    });
    let _ = fs::remove_file(path);
}

/// The same in a process of its own, which has no other default instance.
pub(crate) fn measured() -> String {
    let output = env::current_exe()
        .and_then(|exe| Command::new(exe).args([THROUGHPUT, ""]).output())
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    format!(
        "\nThe security log to a file, one thread calling and one writing: {}",
        output.unwrap_or_else(|error| error.to_string())
    )
}
