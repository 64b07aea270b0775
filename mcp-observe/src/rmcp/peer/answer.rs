//! How messages that were sent end.

use rmcp::service::ServiceError;

use super::Options;
use super::role::{Role, sealed};
use crate::awaited::Awaited;
use crate::closed::RpcCode;
use crate::error_class::ErrorClass;
use crate::outcome::Outcome;

/// What is known of the end of a request once its answer was looked at.
#[derive(Debug)]
pub(super) struct Ending {
    outcome: Outcome,
    message: Option<Box<str>>,
}

impl Options {
    /// Looks at the answer of a request; if others may go on with it, their spans will be linked.
    pub(super) fn ending<R: Role>(
        &self,
        awaited: &Awaited,
        answer: &Result<R::PeerResp, ServiceError>,
    ) -> Ending {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.failure(awaited, error),
        };
        if let Some(thread) = <R as sealed::Role>::followed_by(answer) {
            awaited.may_be_followed(thread);
        }
        let outcome = <R as sealed::Role>::answered(answer);
        let message = || <R as sealed::Role>::message(answer);
        Ending {
            message: self.message(awaited, outcome, message),
            outcome,
        }
    }

    /// The end of a message that was not sent, not answered, or answered with an error.
    pub(super) fn failure(&self, awaited: &Awaited, error: &ServiceError) -> Ending {
        let outcome = outcome(error);
        // An error of this end says no more than its class.
        let message = || match error {
            ServiceError::McpError(error) => Some(error.message.to_string()),
            _ => None,
        };
        Ending {
            message: self.message(awaited, outcome, message),
            outcome,
        }
    }

    fn message(
        &self,
        awaited: &Awaited,
        outcome: Outcome,
        text: impl FnOnce() -> Option<String>,
    ) -> Option<Box<str>> {
        if !self.error_message || outcome.class().is_none() {
            return None;
        }
        let scrubber = &awaited.telemetry().inner().scrubber;
        Some(scrubber.scrub(&text()?).into())
    }
}

impl Ending {
    pub(super) const SUCCESS: Self = Self::of(Outcome::SUCCESS);

    pub(super) const UNEXPECTED: Self = Self::of(Outcome::failure(ErrorClass::UNEXPECTED_RESPONSE));

    pub(super) const fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            message: None,
        }
    }

    pub(super) fn close(self, awaited: &mut Awaited) {
        awaited.close(self.outcome, self.message);
    }
}

fn outcome(error: &ServiceError) -> Outcome {
    match error {
        ServiceError::McpError(error) => Outcome::rpc(RpcCode(error.code.0)),
        ServiceError::Cancelled { .. } => Outcome::Cancelled,
        ServiceError::Timeout { .. } => Outcome::failure(ErrorClass::TIMEOUT),
        ServiceError::TransportClosed => Outcome::failure(ErrorClass::TRANSPORT_CLOSED),
        ServiceError::TransportSend(_) => Outcome::failure(ErrorClass::TRANSPORT_ERROR),
        ServiceError::UnexpectedResponse => Outcome::failure(ErrorClass::UNEXPECTED_RESPONSE),
        _ => Outcome::failure(ErrorClass::OTHER),
    }
}
