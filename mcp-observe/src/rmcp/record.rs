//! What is recorded of rmcp's own types.

use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::model::CallToolResult;

use crate::record::{Record, Recorder};

/// The arguments themselves.
impl<T: Record> Record for Parameters<T> {
    fn record(&self, recorder: Recorder<'_>) {
        self.0.record(recorder);
    }
}

/// The structured result itself.
impl<T: Record> Record for Json<T> {
    fn record(&self, recorder: Recorder<'_>) {
        self.0.record(recorder);
    }
}

/// Whole, as the client receives it: whoever records a result says so.
impl Record for CallToolResult {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.serialize(self);
    }
}
