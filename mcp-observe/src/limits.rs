//! Series and the limits on them: an instrument whose series are at the SDK's cardinality limit puts
//! all further ones into a single overflow series, for ever.

use crate::catalogue::callsites;
use crate::metrics::ToolInstruments;
use crate::semconv::metric;
use crate::setup::SetupError;

/// Attribute sets that the SDK keeps for an instrument that no view says otherwise of.
pub(crate) const SDK_DEFAULT: usize = 2_000;

/// Tools without `#[mcp_tool]` that an instance tells apart by name; further ones share `_OTHER`.
pub(crate) const MAX_SERVED_TOOLS: usize = 128;

/// The limit that `mcp.tool.errors`, where a tool has the most series, gets in a provider of ours.
pub(crate) fn of_errors() -> usize {
    let tools = callsites().len() + MAX_SERVED_TOOLS;
    SDK_DEFAULT.max(tools * ToolInstruments::ERROR_SERIES + 1)
}

/// Checks that the attributed tools of this binary fit, where `errors` is the limit of
/// `mcp.tool.errors` and all other instruments have the SDK's default.
pub(crate) fn check(errors: usize) -> Result<(), SetupError> {
    let tools = callsites().len();
    let needs = [
        (metric::TOOL_ERRORS, ToolInstruments::ERROR_SERIES, errors),
        (
            metric::TOOL_INVOCATION_DURATION,
            ToolInstruments::DURATION_SERIES,
            SDK_DEFAULT,
        ),
    ];
    for (instrument, each, limit) in needs {
        let series = tools * each;
        if series > limit {
            return Err(SetupError::TooManySeries {
                tools,
                instrument,
                series,
                limit,
            });
        }
    }
    Ok(())
}
