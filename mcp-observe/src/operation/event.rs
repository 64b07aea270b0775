//! An operation in the security log.

use std::time::Duration;

use super::outcome::{Outcome, Status};
use super::target::{Target, ToolRef};
use super::{Operation, Subject, is_asked_in_vain};
use crate::closed::{HttpStatus, Method};
use crate::security::{Category, Event, Identity, SpanRef, Tags};
use crate::semconv::OTHER;
use crate::telemetry::Telemetry;

impl<S: Subject> Operation<S> {
    /// Records the operation's event, if it has one: calls of tools do, and of all other messages
    /// those that failed.
    pub(super) fn record_event(
        &self,
        telemetry: &Telemetry,
        identity: &Identity,
        outcome: Outcome,
        message: Option<&str>,
        elapsed: Duration,
    ) {
        let (Some(log), Some(category)) =
            (telemetry.security_log(), self.category(identity, outcome))
        else {
            return;
        };
        let (method, target) = (self.subject.method(), &*self.subject.target());
        let status = outcome.status();
        let asked_in_vain = is_asked_in_vain(target, outcome);
        let http_status = identity
            .refused_with
            .map_or_else(|| outcome.as_http(asked_in_vain), HttpStatus::as_u16);
        log.record(&Event {
            method: identity.has_method.then_some(method),
            tool: tool_name(method, target),
            tags: tags(target),
            // Where the function that ran told which tool it is, or it answered well, that is known after all.
            unknown: identity
                .unknown
                .filter(|_| asked_in_vain || method == Method::OTHER),
            subject: identity.subject.as_deref(),
            session: identity.session.as_deref(),
            client_name: identity.client_name.as_deref(),
            client_ip: identity.client_ip,
            duration: elapsed,
            error: outcome.class(),
            message: message.filter(|_| status != Status::Success),
            trace: self
                .span
                .as_ref()
                .and_then(|span| SpanRef::of(&span.span_context())),
            ..Event::new(category, http_status, status)
        });
    }

    /// Whoever cancels a message that is no tool call, such as a subscription, just ends it.
    fn category(&self, identity: &Identity, outcome: Outcome) -> Option<Category> {
        if identity.refused_with.is_some_and(HttpStatus::shuts_out) {
            Some(Category::Auth)
        } else if self.subject.method() == Method::TOOLS_CALL {
            Some(Category::ToolCall)
        } else if outcome.status() == Status::Error {
            Some(Category::Request)
        } else {
            None
        }
    }
}

/// What is declared of the tool that a call is of.
fn tags(target: &Target) -> Tags {
    match target {
        Target::Tool(tool) => tool.tags(),
        Target::None | Target::Prompt(_) => Tags::NONE,
    }
}

/// The name of the tool that a call is of; none of other messages.
fn tool_name(method: Method, target: &Target) -> Option<&str> {
    match target {
        Target::Tool(ToolRef::Attributed(callsite)) => Some(callsite.name),
        Target::Tool(ToolRef::Served(tool)) => Some(&tool.name),
        // The transport does not know the server's tools, nor is there one where a call's
        // parameters could not be read.
        _ => (method == Method::TOOLS_CALL).then_some(OTHER),
    }
}
