//! What rounds of one call have in common, in rmcp's types.

use rmcp::model::{InputRequiredResult, InputResponses};

use crate::sent::rounds::Thread;

/// What the round that ended so has in common with the next.
pub(super) fn by(interim: &InputRequiredResult) -> Thread<'_> {
    match (&interim.request_state, &interim.input_requests) {
        (Some(state), _) => Thread::Round(state),
        (None, Some(requests)) => Thread::asked(requests.keys()),
        (None, None) => Thread::asked(std::iter::empty()),
    }
}

/// What a request has in common with the round before; none if it is the first.
pub(super) fn from<'a>(
    state: Option<&'a str>,
    responses: Option<&InputResponses>,
) -> Option<Thread<'a>> {
    match (state, responses) {
        (Some(state), _) => Some(Thread::Round(state)),
        (None, Some(responses)) => Some(Thread::asked(responses.keys())),
        (None, None) => None,
    }
}
