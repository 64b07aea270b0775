//! Refused messages on the convention's operation duration.

use opentelemetry::KeyValue;

use super::attributes::shared_attributes;
use super::outcome::Outcome;
use super::series::{KEY_OF_REST, start_key};
use super::side::Side;
use super::target::Target;
use super::{Operation, Subject};
use crate::closed::{Method, ProtocolVersion, RpcCode, Transport};
use crate::error_class::ErrorClass;
use crate::metrics::{Metrics, SeriesKey};
use crate::semconv::{self, attribute};

impl<S: Subject> Operation<S> {
    /// Records the duration of a refused message: exactly, or, where refusals have as many series as
    /// they may, by nothing but with what it was refused.
    pub(super) fn record_refusal(&self, metrics: &Metrics, outcome: Outcome, seconds: f64) {
        let operations = &metrics.durations(self.subject.side()).operations;
        let answer = answer_key(outcome);
        let key = SeriesKey(self.key | answer);
        let exact = || {
            let mut attributes = Vec::with_capacity(10);
            shared_attributes(
                self.subject.method(),
                self.protocol_version,
                self.transport,
                &mut attributes,
            );
            answer_attributes(outcome, &mut attributes);
            attributes
        };
        if operations.record(key, Some(&metrics.refusals), seconds, exact) {
            return;
        }
        let key = start_key(Method::OTHER, &Target::None, None, Transport::Unknown);
        let key = SeriesKey(key | answer | KEY_OF_REST);
        operations.record(key, None, seconds, || {
            let (other, unknown) = (Method::OTHER, ProtocolVersion::parse(semconv::OTHER));
            let mut attributes = Vec::with_capacity(6);
            shared_attributes(other, Some(unknown), Transport::Unknown, &mut attributes);
            answer_attributes(outcome, &mut attributes);
            attributes
        });
    }
}

fn answer_attributes(outcome: Outcome, attributes: &mut Vec<KeyValue>) {
    if let Some(class) = outcome.error_type(Side::Server) {
        attributes.push(KeyValue::new(attribute::ERROR_TYPE, class.as_str()));
    }
    if let Some(code) = outcome.rpc_code() {
        let label = code.as_label();
        attributes.push(KeyValue::new(attribute::RPC_RESPONSE_STATUS_CODE, label));
    }
    if let Some(status) = outcome.http_status() {
        let label = i64::from(status.label());
        attributes.push(KeyValue::new(attribute::HTTP_RESPONSE_STATUS_CODE, label));
    }
}

/// Packs what a refused message was answered with: the code in the bits in which every operation has
/// it, else the HTTP status above the method's. The error's class follows from either.
fn answer_key(outcome: Outcome) -> u64 {
    let code = |code: RpcCode| u64::from(ErrorClass::of_code(code).index().unwrap_or_default());
    let of_code = outcome.rpc_code().map_or(0, |it| (code(it) + 1) << 8);
    let of_status = outcome
        .http_status()
        .map_or(0, |status| u64::from(status.index()) + 1);
    of_code | of_status << 50
}
