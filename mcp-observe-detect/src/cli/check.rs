//! `check`: a replay of files.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use mcp_observe_detect::Lines;

use super::arguments::Check;
use super::evaluation::Evaluation;
use super::failure::Failure;
use super::malformed::Malformed;
use super::progress::Progress;
use super::summary::{rate, summary};
use super::{Found, read_config};

const PIECE: usize = 256 * 1024;

pub(super) fn run(check: &Check) -> Result<Found, Failure> {
    let config = read_config(&check.detection.config)?;
    let mut evaluation = Evaluation::new(config, check.detection.format);
    let mut malformed = Malformed::default();
    match replay(check, &mut evaluation, &mut malformed) {
        Ok(()) => {}
        // Who reads the alerts has seen enough.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            return Ok(Found::Something);
        }
        Err(failure) => return Err(failure),
    }
    if evaluation.stats().events == 0 {
        return Err(Failure::NoEvent {
            what: "the input".to_owned(),
            why: String::new(),
        });
    }
    eprint!("{malformed}{}", summary(&evaluation));
    eprintln!("{}", rate(&evaluation));
    Ok(evaluation.found())
}

fn replay(
    check: &Check,
    evaluation: &mut Evaluation,
    malformed: &mut Malformed,
) -> Result<(), Failure> {
    let mut progress = Progress::new(total(check));
    for file in &check.files {
        replay_file(file, evaluation, malformed, &mut progress)?;
    }
    evaluation.finish()
}

/// How many bytes there are to read, if all of them are in files.
fn total(check: &Check) -> Option<u64> {
    check.files.iter().try_fold(0, |total, file| {
        let metadata = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
        Some(total + metadata.len())
    })
}

fn replay_file(
    path: &Path,
    evaluation: &mut Evaluation,
    malformed: &mut Malformed,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let unreadable = |error| Failure::Input {
        path: path.to_owned(),
        error,
    };
    let (name, mut input): (_, Box<dyn Read>) = if path == Path::new("-") {
        ("stdin".to_owned(), Box::new(io::stdin().lock()))
    } else {
        let file = File::open(path).map_err(unreadable)?;
        (path.display().to_string(), Box::new(file))
    };
    let before = evaluation.stats().events;
    let mut file = malformed.file(&name);
    let mut lines = Lines::new();
    let mut buffer = vec![0; PIECE];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        lines.push(&buffer[..read], |line| file.note(evaluation.line(line)));
        evaluation.flush()?;
        progress.advance(read, evaluation.stats().events);
    }
    lines.end(|line| file.note(evaluation.line(line)));
    match file.first() {
        Some(first) if evaluation.stats().events == before => Err(Failure::NoEvent {
            why: format!(" ({first})"),
            what: name,
        }),
        _ => Ok(()),
    }
}
