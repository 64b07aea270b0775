//! Recording of values by declaration: nothing of a value is written but what its type, or the
//! place it stands in, says may be.
//!
//! A value writes itself, borrowed, into one JSON text (`recorder`) that keeps to a budget
//! (`writer`). What built-in types write is in `scalar`, `pointer`, `collection`, `key` and `json`;
//! what `#[redact]` and its like turn a value into is in `form`.

mod collection;
mod form;
pub(crate) mod hash;
mod json;
mod key;
mod pointer;
mod recorder;
mod scalar;
mod serialize;
mod settings;
#[cfg(test)]
mod tests;
mod writer;

pub use form::{
    InOption, InPlace, JsonBytes, RecordsFields, RecordsNothing, Redacted, TextBytes, keep_last,
    whole,
};
pub use hash::HashKey;
pub use recorder::{ArrayRecorder, ObjectRecorder, Recorder};
pub(crate) use settings::Settings;

use writer::Writer;

/// A value of which something may be recorded: its implementation says what.
///
/// Derive it. An implementation by hand writes exactly one JSON value; one that writes none records
/// `null`.
///
/// ```
/// use mcp_observe::{Record, Recorder};
///
/// struct Celsius(f64);
///
/// impl Record for Celsius {
///     fn record(&self, recorder: Recorder<'_>) {
///         recorder.object(|object| object.member("celsius", &self.0));
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what of it may be recorded",
    label = "cannot be recorded",
    note = "derive `mcp_observe::Record` for it, record it whole as serde writes it with `#[record(serde)]`, or use `#[redact]`"
)]
pub trait Record {
    /// Writes the value.
    fn record(&self, recorder: Recorder<'_>);
}

/// The JSON object that `write` fills.
pub(crate) fn arguments(
    settings: &Settings,
    write: impl FnOnce(&mut ObjectRecorder<'_>),
) -> String {
    let mut writer = Writer::new(settings, 0);
    Recorder::value_of(&mut writer).object(write);
    writer.finish()
}

/// The value as a JSON object; a value that is none becomes `{"result": value}`, because the GenAI
/// conventions want an object.
pub(crate) fn result(settings: &Settings, value: &(impl Record + ?Sized)) -> String {
    const BEFORE: &str = r#"{"result":"#;
    const AFTER: &str = "}";
    let mut writer = Writer::new(settings, BEFORE.len() + AFTER.len());
    writer.value(value);
    let mut json = writer.finish();
    if !json.starts_with('{') {
        json.insert_str(0, BEFORE);
        json.push_str(AFTER);
    }
    json
}

/// What would be recorded of a value, in at most `max_bytes`. For tests of the derive.
#[doc(hidden)]
#[must_use]
pub fn recorded<V: Record + ?Sized>(value: &V, max_bytes: usize) -> String {
    let settings = Settings {
        max_bytes,
        ..Settings::new(HashKey::new([7; 16]))
    };
    result(&settings, value)
}

/// Likewise, of a tool's arguments.
#[doc(hidden)]
pub fn recorded_arguments(write: impl FnOnce(&mut ObjectRecorder<'_>)) -> String {
    arguments(&Settings::new(HashKey::new([7; 16])), write)
}
