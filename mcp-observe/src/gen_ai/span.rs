//! What the spans of this module have in common: how they are set up, and work inside of them.

use std::any::type_name;

use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;

use crate::error_class::ErrorClass;
use crate::operation::outcome::Outcome;
use crate::semconv::attribute;
use crate::span::Description;
use crate::telemetry::Telemetry;
use crate::work::account::Account;
use crate::work::execution::Execution;
use crate::work::scope::{self, Frame};
use crate::work::{Attached, Enter, Inside, Work};

/// A span that is not started yet.
#[derive(Debug)]
pub(super) struct Span {
    operation: &'static str,
    target: String,
    kind: SpanKind,
    attributes: Vec<KeyValue>,
    telemetry: Option<Telemetry>,
}

impl Span {
    /// The span of `operation` on `target`, which is the value of `key`.
    pub(super) fn new(
        operation: &'static str,
        kind: SpanKind,
        key: &'static str,
        target: String,
    ) -> Self {
        let mut span = Self {
            operation,
            target: target.clone(),
            kind,
            attributes: Vec::with_capacity(8),
            telemetry: None,
        };
        span.set(attribute::GEN_AI_OPERATION_NAME, operation);
        span.set(key, target);
        span
    }

    /// Sets an attribute; the last value counts.
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.attributes.retain(|it| it.key.as_str() != key);
        self.attributes.push(KeyValue::new(key, value));
    }

    pub(super) fn observe_by(&mut self, telemetry: &Telemetry) {
        self.telemetry = Some(telemetry.clone());
    }

    /// Starts it; none where nothing is installed.
    fn start(self) -> Option<Work<Execution>> {
        let frame = scope::within();
        let telemetry = self
            .telemetry
            .or_else(|| Some(frame.as_ref()?.telemetry.clone()))
            .or_else(Telemetry::installed)?;
        let execution = Execution::gen_ai(&telemetry, || Description {
            name: format!("{} {}", self.operation, self.target).into(),
            kind: self.kind,
            attributes: self.attributes,
        });
        // What is used in a tool's call is counted by the instance that the call is of.
        let frame = frame
            .filter(|frame| !matches!(frame.account, Account::Nobody))
            .unwrap_or_else(|| Frame::new(telemetry, Account::Nobody, None));
        Some(Work::new(execution, frame))
    }

    pub(super) async fn run<R>(
        self,
        body: impl Future<Output = R>,
        error_type: impl FnOnce(&R) -> Option<&'static str>,
    ) -> R {
        let mut work = self.start();
        let result = Inside::new(&mut work, body).await;
        close(work, || error_type(&result));
        result
    }

    pub(super) fn run_sync<R>(
        self,
        body: impl FnOnce() -> R,
        error_type: impl FnOnce(&R) -> Option<&'static str>,
    ) -> R {
        let mut work = self.start();
        let result = work.inside(body);
        close(work, || error_type(&result));
        result
    }
}

fn close(work: Option<Work<Execution>>, error_type: impl FnOnce() -> Option<&'static str>) {
    if let Some(mut work) = work {
        // Inside, so that a panic of it is one of the work.
        let error_type = work.inside(error_type);
        work.close(match error_type {
            None => Outcome::SUCCESS,
            Some(name) => Outcome::failure(ErrorClass::of_name(name)),
        });
    }
}

/// The conventions' class of an error that does not name one: its type.
pub(super) fn of_result<T, E>(result: &Result<T, E>) -> Option<&'static str> {
    result.as_ref().err().map(|_| type_name::<E>())
}

/// With nothing installed, work is done inside of nothing.
impl Enter for Option<Work<Execution>> {
    fn enter(&mut self) -> Attached {
        self.as_mut().map(Work::enter).unwrap_or_default()
    }

    fn leave(&mut self) {
        if let Some(work) = self {
            work.leave();
        }
    }

    fn unwind(&mut self) {
        if let Some(work) = self {
            work.unwind();
        }
    }
}
