//! Lines as they are kept: what is random or takes its time is the same each time.

use std::collections::HashMap;

/// The lines of a file, and what its sessions are called in them.
pub(crate) struct Kept {
    pub(crate) lines: String,
    sessions: Numbers,
}

/// Ids in the order in which they first appear, counted from 1.
#[derive(Default)]
struct Numbers(HashMap<String, usize>);

impl Numbers {
    fn of(&mut self, id: &str) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(id.to_owned()).or_insert(next)
    }
}

impl Kept {
    /// Numbers the ids of sessions, traces and spans, and has every duration be a millisecond. All
    /// else is left as the emitter wrote it.
    pub(crate) fn of(lines: &str) -> Self {
        let mut kept = Self {
            lines: String::new(),
            sessions: Numbers::default(),
        };
        let (mut traces, mut spans) = (Numbers::default(), Numbers::default());
        for line in lines.lines() {
            let line = replace(line, "mcp.session.id", '"', |id| {
                session(kept.sessions.of(id))
            });
            let line = replace(&line, "trace_id", '"', |id| {
                format!("{:032x}", traces.of(id))
            });
            let line = replace(&line, "span_id", '"', |id| format!("{:016x}", spans.of(id)));
            let line = replace(&line, "duration_ms", ',', |_| "1.000".to_owned());
            kept.lines.push_str(&line);
            kept.lines.push('\n');
        }
        kept
    }

    /// What stands in the lines for a session's id.
    pub(crate) fn session(&self, id: &str) -> Option<String> {
        self.sessions.0.get(id).copied().map(session)
    }
}

fn session(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// The line with another value of `key`, if it has one: a string of ids, or a number with more keys
/// after it.
fn replace(line: &str, key: &str, end: char, value: impl FnOnce(&str) -> String) -> String {
    let mut start = format!("\"{key}\":");
    if end == '"' {
        start.push('"');
    }
    let Some((before, rest)) = line.split_once(&start) else {
        return line.to_owned();
    };
    let (old, after) = rest.split_once(end).expect("the value ends");
    let new = value(old);
    format!("{before}{start}{new}{end}{after}")
}
