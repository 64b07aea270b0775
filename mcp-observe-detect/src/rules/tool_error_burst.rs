//! `tool-error-burst`: a tool fails again and again.

use std::collections::VecDeque;

use crate::alert::{AlertKey, Evidence};
use crate::config::ToolErrorBurst;
use crate::event::Status;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Found, Quiet, Table, Traces};

pub(crate) const ENTRY: Entry = Entry {
    id: "tool-error-burst",
    title: "A tool fails again and again",
    description: "20 calls of one tool in 5 minutes ended with an error, and they are at least \
        half of its calls.",
    severity: Severity::Medium,
    limits: &[
        "errors that are hidden among as many successful calls of that tool are no alert",
        "above 1,024 calls in a window the share is that of the newest 1,024",
    ],
};

/// So many calls of a tool are kept, the newest.
const MOST_CALLS: usize = 1_024;

/// Tools are the server's own, and few.
const MOST_TOOLS: usize = 1_024;

#[derive(Debug)]
pub(super) struct Watch {
    config: ToolErrorBurst,
    window: i64,
    tools: Table<Tool>,
}

#[derive(Debug, Default)]
struct Tool {
    calls: Calls,
    /// Of errors.
    traces: Traces,
    quiet: Quiet,
}

/// The newest calls, with how they ended.
#[derive(Debug, Default)]
struct Calls {
    calls: VecDeque<(i64, bool)>,
    errors: usize,
}

impl Calls {
    fn push(&mut self, now: i64, is_error: bool, window: i64) {
        while let Some((time, was_error)) = self.calls.front().copied()
            && (now - time > window || self.calls.len() >= MOST_CALLS)
        {
            self.calls.pop_front();
            self.errors -= usize::from(was_error);
        }
        self.calls.push_back((now, is_error));
        self.errors += usize::from(is_error);
    }
}

impl Watch {
    pub(super) fn new(config: &ToolErrorBurst, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            window,
            tools: Table::new(Rule::ToolErrorBurst, capacity.min(MOST_TOOLS), window),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        if !at.is_tool_call() {
            return;
        }
        let is_error = at.status == Some(Status::Error);
        let Found {
            value: tool,
            shared,
        } = self.tools.entry(at.tool, at, raise);
        tool.calls.push(at.now, is_error, self.window);
        if !is_error {
            return;
        }
        tool.traces.push(at.trace_id);
        let (errors, calls) = (tool.calls.errors, tool.calls.calls.len());
        let min_errors = self.config.min_errors.index();
        // Of calls that several tools share, the share of one of them is unknown.
        let is_share = shared || errors * 100 >= calls * self.config.error_percent.index();
        if errors < min_errors || !is_share {
            return;
        }
        if let Some(suppressed) = tool.quiet.ring(at.now, self.window) {
            let evidence = Evidence {
                count: Evidence::number(errors),
                threshold: Evidence::number(min_errors),
                calls: Evidence::number(calls),
                ..Evidence::of_window(self.window, suppressed, shared, &tool.traces)
            };
            raise.alert(
                Rule::ToolErrorBurst,
                self.config.severity,
                at,
                AlertKey::tool(at),
                evidence,
            );
        }
    }
}
