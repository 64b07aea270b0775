//! `watch`: following a file that is written to.

use std::io::ErrorKind;
use std::time::Duration;

use mcp_observe_detect::EventError;

use super::arguments::Watch;
use super::evaluation::Evaluation;
use super::failure::Failure;
use super::follow::{Follow, Step};
use super::malformed::described;
use super::stop::Stop;
use super::summary::summary;
use super::{Found, NAME, read_config};

/// How often a file that does not grow is looked at.
const INTERVAL: Duration = Duration::from_millis(200);

pub(super) fn run(watch: &Watch) -> Result<Found, Failure> {
    let config = read_config(&watch.detection.config)?;
    let stop = Stop::at_signals().map_err(Failure::Signals)?;
    let mut follow =
        Follow::new(&watch.file, watch.from_start).map_err(|error| Failure::Input {
            path: watch.file.clone(),
            error,
        })?;
    let mut evaluation = Evaluation::new(config, watch.detection.format);
    eprintln!("{NAME}: following {}", watch.file.display());
    let followed = until_stopped(watch, &mut follow, &mut evaluation, &stop)
        .and_then(|()| evaluation.finish());
    match followed {
        Ok(()) => {}
        // Who reads the alerts has gone.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            return Ok(Found::Something);
        }
        Err(failure) => return Err(failure),
    }
    eprint!("{}", summary(&evaluation));
    Ok(evaluation.found())
}

fn until_stopped(
    watch: &Watch,
    follow: &mut Follow,
    evaluation: &mut Evaluation,
    stop: &Stop,
) -> Result<(), Failure> {
    let file = watch.file.display();
    let mut trouble = Trouble::default();
    loop {
        let read = follow.step(&mut |line| {
            if let Err(error) = evaluation.line(line) {
                tell_malformed(evaluation.malformed(), &error);
            }
        });
        let (pause, wrong) = match read {
            Ok(Step::More) => (Duration::ZERO, None),
            Ok(Step::Idle) => {
                evaluation.idle();
                (INTERVAL, None)
            }
            Ok(Step::Absent) => (INTERVAL, Some(format!("{file} is not there yet"))),
            Err(error) => (INTERVAL, Some(format!("{file} cannot be read: {error}"))),
        };
        trouble.tell(wrong);
        evaluation.flush()?;
        if stop.within(pause) {
            return Ok(());
        }
    }
}

/// The first such lines show what is wrong; how many there are is in the summary.
fn tell_malformed(number: u64, error: &EventError) {
    if number <= 3 {
        eprintln!("{NAME}: skipped a line: {}", described(error));
    }
}

/// What is wrong at the moment, told once.
#[derive(Debug, Default)]
struct Trouble(Option<String>);

impl Trouble {
    fn tell(&mut self, wrong: Option<String>) {
        if let Some(what) = wrong.as_ref().filter(|_| wrong != self.0) {
            eprintln!("{NAME}: {what}; trying again until it can");
        }
        self.0 = wrong;
    }
}
