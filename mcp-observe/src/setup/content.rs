//! Whether and how the content of calls is recorded: arguments and results as declared, and texts of
//! errors.

use super::TelemetryBuilder;
use super::environment;
use crate::record::{HashKey, Settings};
use crate::scrub::Scrubber;

/// What the builder knows of it.
#[derive(Debug, Default)]
pub(crate) struct ContentOptions {
    capture: bool,
    max_bytes: Option<usize>,
    hash_key: Option<HashKey>,
    pub(crate) scrubber: Scrubber,
}

impl ContentOptions {
    /// How content is recorded; none if it is not. The environment goes before the code.
    pub(crate) fn settings(&self) -> Option<Settings> {
        let capture = environment::captures_content().unwrap_or(self.capture);
        capture.then(|| {
            let mut settings = Settings::new(self.hash_key.unwrap_or_else(HashKey::random));
            if let Some(max_bytes) = self.max_bytes {
                settings.max_bytes = max_bytes;
            }
            settings
        })
    }
}

/// Settings of what is recorded of calls' content.
impl TelemetryBuilder {
    /// Records on spans what tools declare of their arguments and results (`#[record]`, `#[redact]`).
    /// Default: off, as the GenAI conventions want it. If
    /// `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is set, that counts instead: `true`,
    /// `span_only` and `span_and_event` turn it on, anything else turns it off.
    pub fn capture_content(mut self, on: bool) -> Self {
        self.content.capture = on;
        self
    }

    /// Sets how many bytes of JSON the arguments of a call may have, and its result. What does not
    /// fit is left out, and the JSON stays valid. Default: 4,096; at least 64.
    pub fn content_limit(mut self, bytes: usize) -> Self {
        self.content.max_bytes = Some(bytes);
        self
    }

    /// Sets the key of the hashes that `#[redact(hash)]` records, so that hashes of several processes
    /// can be compared. Default: a random key for each instance.
    pub fn hash_key(mut self, key: HashKey) -> Self {
        self.content.hash_key = Some(key);
        self
    }

    /// Sets what takes secrets out of the texts of errors, for tools with `error_message = true`.
    /// Default: [`Scrubber::default`].
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.content.scrubber = scrubber;
        self
    }
}
