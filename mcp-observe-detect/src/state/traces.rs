//! Which traces had a part in it.

use crate::trace_id::TraceId;

/// The newest five.
#[derive(Debug, Default)]
pub(crate) struct Traces([Option<TraceId>; 5]);

impl Traces {
    pub(crate) fn push(&mut self, trace_id: Option<TraceId>) {
        if trace_id.is_some() && self.0[4] != trace_id {
            self.0.rotate_left(1);
            self.0[4] = trace_id;
        }
    }

    /// Oldest first.
    pub(crate) fn to_vec(&self) -> Vec<TraceId> {
        self.0.iter().flatten().copied().collect()
    }
}
