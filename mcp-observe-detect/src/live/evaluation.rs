//! What evaluates lines as they come.

use std::time::{Duration, Instant};

use super::outputs::Outputs;
use crate::{Detector, Lines, Timestamp};

/// The longest pause between two looks at the clock while nothing is written.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

/// A detector, what it reads from and what it tells.
pub(super) struct Evaluation {
    detector: Detector,
    lines: Lines,
    outputs: Outputs,
    pause: Duration,
    due: Option<Instant>,
}

impl Evaluation {
    pub(super) fn new(detector: Detector, outputs: Outputs) -> Self {
        Self {
            detector,
            lines: Lines::new(),
            outputs,
            pause: Duration::ZERO,
            due: None,
        }
    }

    /// When [`idle`](Self::idle) is to be called, unless something is written until then.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The log goes on.
    pub(super) fn take(&mut self, piece: &[u8], now: Instant) {
        let (detector, outputs) = (&mut self.detector, &mut self.outputs);
        self.lines.push(piece, |line| {
            // What is no event is counted by the detector.
            let _ = detector.observe_line(line, &mut |alert| outputs.tell(alert));
        });
        self.wait(now, self.detector.config().allowance.get());
    }

    /// Nothing was written for a while: what was held back, in case that something earlier comes, is
    /// evaluated.
    pub(super) fn idle(&mut self, now: Instant) {
        let outputs = &mut self.outputs;
        self.detector
            .advance(Timestamp::now(), &mut |alert| outputs.tell(alert));
        // The clock may have been set back since: looks again, ever more rarely.
        self.wait(now, self.pause.max(Duration::from_secs(1)) * 2);
    }

    fn wait(&mut self, now: Instant, pause: Duration) {
        self.pause = pause;
        self.due = (pause <= LONGEST_PAUSE).then(|| now + pause);
    }

    /// Nothing will be written any more.
    pub(super) fn finish(&mut self) {
        let outputs = &mut self.outputs;
        self.detector.finish(&mut |alert| outputs.tell(alert));
        self.due = None;
    }
}
