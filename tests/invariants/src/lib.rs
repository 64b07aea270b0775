//! What holds whatever callers send, asserted of bytes: what the fuzz targets call, and the tests of this
//! package for the corpus and for generated input.
//!
//! Each module has one invariant, or several of one thing, and says how bytes are read as its input.

pub mod arguments;
pub mod detection;
pub mod detection_config;
mod exported;
pub mod http_layer;
mod request;
pub mod scrubber;
pub mod security_event;
pub mod security_log;
pub mod texts;
pub mod trace_context;

/// Something that takes what callers send, and what holds for it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// That of its file in `fuzz/fuzz_targets`, and of its corpus.
    pub name: &'static str,
    /// Panics if it does not hold for these bytes.
    pub hold: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 7] = [
    Target {
        name: "arguments",
        hold: arguments::hold,
    },
    Target {
        name: "detection",
        hold: detection::hold,
    },
    Target {
        name: "detection_config",
        hold: detection_config::hold,
    },
    Target {
        name: "http_layer",
        hold: http_layer::hold,
    },
    Target {
        name: "scrubber",
        hold: scrubber::hold,
    },
    Target {
        name: "security_log",
        hold: security_log::hold,
    },
    Target {
        name: "trace_context",
        hold: trace_context::hold,
    },
];
