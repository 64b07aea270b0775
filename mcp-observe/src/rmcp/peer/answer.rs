//! How messages that were sent end.

use rmcp::ErrorData;
use rmcp::service::ServiceError;

use super::Options;
use super::role::{Role, sealed};
use crate::closed::RpcCode;
use crate::error_class::ErrorClass;
use crate::operation::outcome::Outcome;
use crate::sent::awaited::Awaited;

/// What is known of the end of a request once its answer was looked at.
#[derive(Debug)]
pub(in crate::rmcp) struct Ending {
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
        match answer {
            Ok(answer) => self.answered::<R>(awaited, answer),
            Err(error) => self.failure(awaited, error),
        }
    }

    /// Likewise of one that was answered.
    pub(in crate::rmcp) fn answered<R: Role>(
        &self,
        awaited: &Awaited,
        answer: &R::PeerResp,
    ) -> Ending {
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
        match error {
            ServiceError::McpError(error) => self.refused(awaited, error),
            // An error of this end says no more than its class.
            error => Ending::of(outcome(error)),
        }
    }

    /// The end of a request that was answered with an error.
    pub(in crate::rmcp) fn refused(&self, awaited: &Awaited, error: &ErrorData) -> Ending {
        let outcome = Outcome::rpc(RpcCode(error.code.0));
        Ending {
            message: self.message(awaited, outcome, || Some(error.message.to_string())),
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
    pub(in crate::rmcp) const SUCCESS: Self = Self::of(Outcome::SUCCESS);

    pub(super) const UNEXPECTED: Self = Self::of(Outcome::failure(ErrorClass::UNEXPECTED_RESPONSE));

    pub(in crate::rmcp) const fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            message: None,
        }
    }

    pub(in crate::rmcp) fn close(self, awaited: &mut Awaited) {
        awaited.close(self.outcome, self.message);
    }
}

fn outcome(error: &ServiceError) -> Outcome {
    match error {
        ServiceError::Cancelled { .. } => Outcome::Cancelled,
        ServiceError::Timeout { .. } => Outcome::failure(ErrorClass::TIMEOUT),
        ServiceError::TransportClosed => Outcome::failure(ErrorClass::TRANSPORT_CLOSED),
        ServiceError::TransportSend(_) => Outcome::failure(ErrorClass::TRANSPORT_ERROR),
        ServiceError::UnexpectedResponse => Outcome::failure(ErrorClass::UNEXPECTED_RESPONSE),
        _ => Outcome::failure(ErrorClass::OTHER),
    }
}
