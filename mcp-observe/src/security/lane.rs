//! A sink with its queue and its thread. Each sink has its own, so that one that hangs costs the
//! others nothing.

use std::sync::Arc;
use std::time::Instant;
use std::{fmt, io, thread};

use super::gate::Gate;
use super::losses::{Loss, Losses};
use super::queue::{Batch, Drained, Limits, Queue, Refused};
use super::sink::{Kind, Sink};
use crate::closed::Transport;
use crate::span::contained;

/// What leads to one sink.
pub(super) struct Lane {
    kind: Kind,
    queue: Queue,
    losses: Arc<Losses>,
    /// Of stdout.
    gate: Option<Gate>,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lane").field(&self.kind).finish()
    }
}

impl Lane {
    /// Starts the sink's thread.
    pub(super) fn start(
        kind: Kind,
        mut sink: Box<dyn Sink>,
        limits: Limits,
        losses: &Arc<Losses>,
    ) -> io::Result<Arc<Self>> {
        let gate = (kind == Kind::Stdout).then(Gate::default);
        let lane = Arc::new(Self {
            kind,
            queue: Queue::new(limits, gate.is_some()),
            losses: Arc::clone(losses),
            gate,
        });
        let works = Arc::clone(&lane);
        thread::Builder::new()
            .name("mcp-observe-security".to_owned())
            .spawn(move || {
                works.work(&mut *sink);
                // What a sink does at its end, such as detection with what it holds back, is within the
                // time that a shutdown gives.
                contained(|| drop(sink));
                works.queue.leave();
            })?;
        Ok(lane)
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Puts a line into the queue, or counts it as lost.
    pub(super) fn push(&self, line: &str, is_sampled: bool) {
        if let Err(refused) = self.queue.push(line, is_sampled) {
            let loss = match refused {
                Refused::Full => Loss::QueueFull,
                Refused::Closed => Loss::ShutDown,
            };
            self.losses.lost(self.kind, loss, 1);
        }
    }

    /// A message came in this way.
    pub(super) fn heard(&self, transport: Transport) {
        if let Some(gate) = &self.gate
            && gate.heard(transport)
        {
            self.queue.release();
        }
    }

    /// Waits until everything that was put in so far is written.
    pub(super) fn drain(&self, deadline: Instant) -> Drained {
        self.queue.drain(deadline)
    }

    /// Takes no more lines.
    pub(super) fn close(&self) {
        self.queue.close();
    }

    /// Waits until everything is written and the thread has ended.
    pub(super) fn join(&self, deadline: Instant) -> Drained {
        self.queue.join(deadline)
    }

    fn work(&self, sink: &mut dyn Sink) {
        let mut batch = Batch::default();
        while let Some(taken) = self.queue.take(batch) {
            match &self.gate {
                Some(gate) if !gate.is_open() => self.refuse(&taken),
                _ => self.deliver(sink, &taken),
            }
            self.queue.settle(taken.len());
            contained(|| self.losses.report());
            batch = taken;
        }
    }

    fn deliver(&self, sink: &mut dyn Sink, batch: &Batch) {
        let mut done = 0;
        let write = || {
            sink.write(batch, &mut done)
                .map_err(|error| error.to_string())
        };
        let reason = match contained(write) {
            Some(Ok(())) => return,
            Some(Err(reason)) => reason,
            None => "it panicked".to_owned(),
        };
        let lost = batch.len().saturating_sub(done);
        self.losses.failed(self.kind, lost, reason);
    }

    /// Stdout is not to be written to, now or later.
    fn refuse(&self, batch: &Batch) {
        self.losses.lost(self.kind, Loss::ShutDown, batch.len());
        self.queue.close();
        contained(|| {
            tracing::warn!(
                target: "mcp_observe",
                "the security log is not written to stdout, which is the protocol of servers over stdio: \
                 that needs a server that is observed over HTTP, and none over stdio; use a file or stderr",
            );
        });
    }
}
