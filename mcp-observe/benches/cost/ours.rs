//! The tool with `#[mcp_tool]`.

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

/// Installs the default instance of the mode.
pub(crate) fn install(mode: Mode) {
    let Some(meters) = providers::meters(mode) else {
        return;
    };
    let mut builder = Telemetry::builder()
        .meter_provider(meters)
        .capture_content(mode == Mode::Recorded);
    if let Some(tracers) = providers::tracers(mode) {
        builder = builder.tracer_provider(&tracers);
    }
    builder.install().expect("nothing else is installed");
}
