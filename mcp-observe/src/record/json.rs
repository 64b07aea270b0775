//! JSON values, which are recorded whole: whoever marks one says so.

use serde_json::{Map, Number, Value};

use super::{Record, Recorder};

impl Record for Value {
    fn record(&self, recorder: Recorder<'_>) {
        match self {
            Self::Null => recorder.null(),
            Self::Bool(value) => value.record(recorder),
            Self::Number(value) => value.record(recorder),
            Self::String(value) => value.record(recorder),
            Self::Array(value) => value.record(recorder),
            Self::Object(value) => value.record(recorder),
        }
    }
}

impl Record for Number {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.number(self);
    }
}

impl Record for Map<String, Value> {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.object(|object| object.extend(self));
    }
}
