//! The tool with `#[mcp_tool]`.

use std::io;

use mcp_observe::security::SecurityLog;
use mcp_observe::{Telemetry, mcp_tool};

use crate::bare::Sum;
use crate::providers;
use crate::scenario::Mode;

/// The tool, its statements those of [`crate::bare::add`].
#[mcp_tool]
pub(crate) async fn add(a: i64, b: i64) -> Sum {
    i8::try_from(a)?;
    Ok(a + b)
}

/// The tool, with its arguments on the span.
#[mcp_tool]
pub(crate) async fn add_recorded(#[record] a: i64, #[record] b: i64) -> Sum {
    i8::try_from(a)?;
    Ok(a + b)
}

/// Installs the default instance of the mode, with a meter provider of its own, as the builder makes it. With one
/// of the user's its counters are the SDK's, as those by hand are.
pub(crate) fn install(mode: Mode) {
    if mode == Mode::Off {
        return;
    }
    let mut builder = Telemetry::builder().capture_content(mode == Mode::Recorded);
    if let Some(tracers) = providers::tracers(mode) {
        builder = builder.tracer_provider(&tracers);
    }
    if mode.is_logged() {
        // Room for as many as are made while the log's thread has no processor.
        let log = SecurityLog::builder()
            .writer(io::sink())
            .queue(1 << 20, 1 << 29);
        builder = builder.security_log(log);
    }
    builder.install().expect("nothing else is installed");
}
