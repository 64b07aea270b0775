//! Detection with thresholds and a rule of one's own, over security logs: `own-rule`.
//!
//! `docs/detection-rule.md` tells of it. The rules of `mcp-observe-detect` are closed, and its events are not:
//! what reads them can be anything, as `moved_session.rs` is.

mod moved_session;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mcp_observe_detect::{Alert, Config, Detector, Event};

use crate::moved_session::MovedSession;

/// Replays security logs: the rules of mcp-observe-detect, and one of this program's own, moved-session.
///
/// Alerts are JSON lines on stdout. The exit code is 0 if there is none, 1 if there is any, 2 if something is
/// wrong.
#[derive(Debug, Parser)]
#[command(name = "own-rule")]
struct Flags {
    /// Thresholds; those that it does not set are the defaults
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Security logs, oldest first
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match replay(&Flags::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("own-rule: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns how many alerts there were.
fn replay(flags: &Flags) -> Result<u32, Box<dyn Error>> {
    let config = match &flags.config {
        Some(path) => Config::from_toml(&read(path)?)?,
        None => Config::default(),
    };
    let mut detector = Detector::new(config);
    let mut moved_session = MovedSession::default();
    let (mut alerts, mut own_alerts, mut malformed) = (0, 0, 0);
    let mut raise = |alert: &Alert| {
        alerts += 1;
        println!("{}", alert.to_json());
    };
    for path in &flags.logs {
        for line in read(path)?.lines() {
            let Ok(event) = Event::parse(line.as_bytes()) else {
                malformed += 1;
                continue;
            };
            detector.observe(&event, &mut raise);
            if let Some(alert) = moved_session.observe(&event) {
                own_alerts += 1;
                println!("{alert}");
            }
        }
    }
    detector.finish(&mut raise);
    if malformed > 0 {
        eprintln!("own-rule: {malformed} lines are no events, and were skipped");
    }
    Ok(alerts + own_alerts)
}

fn read(path: &PathBuf) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}
