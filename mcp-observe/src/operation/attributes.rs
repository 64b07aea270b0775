//! An operation's span: its name, and the attributes of the conventions.

use std::borrow::Cow;

use opentelemetry::KeyValue;

use super::Subject;
use super::message::Message;
use super::target::{PromptRef, Target, ToolRef};
use crate::closed::{Method, ProtocolVersion, RpcCode, Transport};
use crate::semconv::{self, attribute};
use crate::telemetry::Telemetry;

/// Room for all attributes that an operation's span can get, so that its vector never grows.
const SPAN_ATTRIBUTES: usize = 16;

/// `{method} {target}`, or the method alone where the target is nothing that this server knows.
#[expect(
    clippy::inline_always,
    reason = "it has one caller, which may know the target"
)]
#[inline(always)]
pub(super) fn span_name(method: Method, target: &Target) -> Cow<'static, str> {
    match target {
        Target::Tool(ToolRef::Attributed(callsite)) => callsite.server_span.into(),
        Target::Tool(ToolRef::Served(tool)) => String::from(&*tool.server_span).into(),
        Target::Prompt(PromptRef::Known { name, .. }) => {
            format!("{} {name}", method.as_str()).into()
        }
        Target::None
        | Target::Tool(ToolRef::Other | ToolRef::Unknown)
        | Target::Prompt(PromptRef::Unknown) => method.as_str().into(),
    }
}

/// The attributes that samplers see: those that cost nothing but their place in the vector. First those
/// that every call has, as it is known of them that the vector need not grow.
#[expect(
    clippy::inline_always,
    reason = "it has one caller, which knows most of it"
)]
#[inline(always)]
pub(super) fn early_attributes(
    telemetry: &Telemetry,
    subject: &impl Subject,
    message: &Message<'_>,
) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(SPAN_ATTRIBUTES);
    method_attributes(subject.method(), &mut attributes);
    match &*subject.target() {
        Target::None | Target::Tool(ToolRef::Unknown) => {}
        Target::Tool(tool) => tool_name(telemetry, tool, &mut |it| attributes.push(it)),
        Target::Prompt(prompt) => {
            attributes.push(KeyValue::new(attribute::GEN_AI_PROMPT_NAME, prompt.name()));
        }
    }
    protocol_attributes(message.protocol_version, message.transport, &mut attributes);
    if let Some(server) = subject.server() {
        server.attributes(&mut attributes);
    }
    attributes
}

/// What spans and the operation duration have in common whatever the target.
pub(super) fn shared_attributes(
    method: Method,
    protocol_version: Option<ProtocolVersion>,
    transport: Transport,
    attributes: &mut Vec<KeyValue>,
) {
    method_attributes(method, attributes);
    protocol_attributes(protocol_version, transport, attributes);
}

#[inline]
fn method_attributes(method: Method, attributes: &mut Vec<KeyValue>) {
    attributes.push(KeyValue::new(attribute::MCP_METHOD_NAME, method.as_str()));
    if method == Method::TOOLS_CALL {
        let operation = semconv::EXECUTE_TOOL;
        attributes.push(KeyValue::new(attribute::GEN_AI_OPERATION_NAME, operation));
    }
}

#[inline]
fn protocol_attributes(
    version: Option<ProtocolVersion>,
    transport: Transport,
    attributes: &mut Vec<KeyValue>,
) {
    if let Some(version) = version {
        let version = version.as_str();
        attributes.push(KeyValue::new(attribute::MCP_PROTOCOL_VERSION, version));
    }
    if transport != Transport::Unknown {
        transport.attributes(attributes);
    }
}

#[inline]
pub(super) fn tool_name(
    telemetry: &Telemetry,
    tool: &ToolRef,
    set: &mut (impl FnMut(KeyValue) + ?Sized),
) {
    set(KeyValue::new(attribute::GEN_AI_TOOL_NAME, tool.name()));
    if telemetry.legacy_tool_name() {
        set(KeyValue::new(attribute::MCP_TOOL_NAME, tool.name()));
    }
}

/// On a span the code stands as it is; labels have it only if it is one of MCP's.
pub(super) fn status_code(code: RpcCode) -> KeyValue {
    let label = code.as_label();
    if label == semconv::OTHER {
        KeyValue::new(attribute::RPC_RESPONSE_STATUS_CODE, code.0.to_string())
    } else {
        KeyValue::new(attribute::RPC_RESPONSE_STATUS_CODE, label)
    }
}
