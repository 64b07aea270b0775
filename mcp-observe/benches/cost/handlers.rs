//! Handlers with one tool, and each contender's way to observe them.

use std::hint::black_box;

use mcp_observe::rmcp::Observed;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::FutureExt as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, JsonObject, RequestId,
    RequestMetaObject, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tracing::Instrument as _;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::bare::{self, poll_once};
use crate::by_hand::{self, Outcome};
use crate::scenario::{Call, Contender, Mode};
use crate::spans_by_hand::OpenSpan;
use crate::{ours, request};

type Answer = Result<CallToolResponse, ErrorData>;

/// Calls of the tool through the contender's handler.
pub(crate) fn call(mode: Mode, contender: Contender) -> Option<Call> {
    Some(match (contender, mode) {
        (Contender::Bare, _) => calling(Plain),
        (Contender::Ours, Mode::HandlerOfTool | Mode::HandlerAndLogged) => {
            calling(Observed::new(Attributed))
        }
        (Contender::Ours, _) => calling(Observed::new(Plain)),
        (Contender::ByHand, _) => calling(ByHand {
            inner: Plain,
            propagator: TraceContextPropagator::new(),
        }),
        (Contender::Tracing, _) => calling(Traced {
            inner: Plain,
            propagator: TraceContextPropagator::new(),
        }),
        (Contender::Autometrics, _) => return None,
    })
}

/// Calls of the handler's tool. A request can be handled only once: the clones it takes are the
/// bare handler's cost as well.
fn calling<H: ServerHandler + Named>(handler: H) -> Call {
    let context = request::context();
    let request = CallToolRequestParams::new(H::TOOL);
    Box::new(move || {
        let answer = poll_once(handler.call_tool(request.clone(), context.clone()));
        let _ = black_box(answer);
    })
}

/// A handler's tool.
trait Named {
    const TOOL: &'static str;
}

/// Its tool has no attribute, and a name that no tool with one has.
struct Plain;

impl Named for Plain {
    const TOOL: &'static str = "plain_add";
}

impl ServerHandler for Plain {
    async fn call_tool(&self, _: CallToolRequestParams, _: RequestContext<RoleServer>) -> Answer {
        Ok(answer(bare::add(black_box(1), black_box(2)).await))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (name == Self::TOOL).then(|| Tool::new(Self::TOOL, "Adds", JsonObject::new()))
    }
}

/// Its tool has the attribute.
struct Attributed;

impl Named for Attributed {
    const TOOL: &'static str = "add";
}

impl ServerHandler for Attributed {
    async fn call_tool(&self, _: CallToolRequestParams, _: RequestContext<RoleServer>) -> Answer {
        Ok(answer(ours::add(black_box(1), black_box(2)).await))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (name == Self::TOOL).then(|| Tool::new(Self::TOOL, "Adds", JsonObject::new()))
    }
}

fn answer(sum: bare::Sum) -> CallToolResponse {
    match black_box(sum) {
        Ok(_) => CallToolResult::success(Vec::new()).into(),
        Err(_) => CallToolResult::error(Vec::new()).into(),
    }
}

impl<H: Named> Named for Observed<H> {
    const TOOL: &'static str = H::TOOL;
}

/// Reads `_meta` in place.
struct Meta<'a>(&'a RequestMetaObject);

impl Extractor for Meta<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.0.0.get(key)?.as_str()
    }

    fn keys(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// With OpenTelemetry by hand.
struct ByHand<H> {
    inner: H,
    propagator: TraceContextPropagator,
}

impl<H: Named> Named for ByHand<H> {
    const TOOL: &'static str = H::TOOL;
}

impl<H: ServerHandler> ServerHandler for ByHand<H> {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Answer {
        let Some(handles) = by_hand::handles() else {
            return self.inner.call_tool(request, context).await;
        };
        let call = by_hand::Call::start(handles, |tracer| {
            let parent = self
                .propagator
                .extract_with_context(&Context::new(), &Meta(&context.meta));
            let mut attributes = Vec::with_capacity(8);
            attributes.extend([
                KeyValue::new("mcp.method.name", "tools/call"),
                KeyValue::new("gen_ai.operation.name", "execute_tool"),
            ]);
            let info = context.peer.peer_info();
            if let Some(version) = info.and_then(|info| version(info.protocol_version.as_str())) {
                attributes.push(KeyValue::new("mcp.protocol.version", version));
            }
            attributes.extend([
                KeyValue::new("network.transport", "pipe"),
                KeyValue::new("gen_ai.tool.name", "plain_add"),
            ]);
            OpenSpan::start(tracer, "tools/call plain_add", attributes, &parent, || {
                let id = match &context.id {
                    RequestId::Number(id) => id.to_string(),
                    RequestId::String(id) => id.to_string(),
                };
                Some(KeyValue::new("jsonrpc.request.id", id))
            })
        });
        let cancelled = context.ct.clone();
        let inner = self.inner.call_tool(request, context);
        let result = match call.context() {
            Some(context) => inner.with_context(context).await,
            None => inner.await,
        };
        call.finish(match &result {
            _ if cancelled.is_cancelled() => Outcome::Cancelled,
            Ok(CallToolResponse::Complete(result)) if result.is_error == Some(true) => {
                Outcome::Failure("tool_error")
            }
            Ok(_) => Outcome::Success,
            Err(_) => Outcome::Failure("-32603"),
        });
        result
    }
}

/// What the client sent is a label only if it is known.
fn version(name: &str) -> Option<&'static str> {
    ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]
        .into_iter()
        .find(|known| *known == name)
}

/// With `tracing`.
struct Traced<H> {
    inner: H,
    propagator: TraceContextPropagator,
}

impl<H: Named> Named for Traced<H> {
    const TOOL: &'static str = H::TOOL;
}

impl<H: ServerHandler> ServerHandler for Traced<H> {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Answer {
        let info = context.peer.peer_info();
        let span = tracing::info_span!(
            "call_tool",
            otel.name = "tools/call plain_add",
            otel.kind = "server",
            mcp.method.name = "tools/call",
            gen_ai.operation.name = "execute_tool",
            gen_ai.tool.name = "plain_add",
            mcp.protocol.version = info
                .as_ref()
                .and_then(|info| version(info.protocol_version.as_str())),
            network.transport = "pipe",
            jsonrpc.request.id = %context.id,
            otel.status_code = Empty,
            error.type = Empty,
        );
        let parent = self
            .propagator
            .extract_with_context(&Context::new(), &Meta(&context.meta));
        // Fails where there is no layer to take it.
        let _ = span.set_parent(parent);
        let inner = self.inner.call_tool(request, context);
        async {
            let result = inner.await;
            if let Ok(CallToolResponse::Complete(result)) = &result
                && result.is_error == Some(true)
            {
                crate::tracing::failed("tool_error");
            }
            result
        }
        .instrument(span)
        .await
    }
}
