//! The side of an open operation that the work inside it sees: how `#[mcp_tool]` finds the
//! operation that a handler's wrapper opened, and what it tells it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use opentelemetry::trace::SpanContext;

use crate::call::classify::Ending;
use crate::catalogue::{Callsite, callsites};
use crate::closed::Method;
use crate::label::{Combination, CombinationCell};
use crate::operation::outcome::Outcome;
use crate::operation::target::{Target, ToolRef};
use crate::span::OpenSpan;
use crate::telemetry::Telemetry;
use crate::usage::Tokens;

/// Shared between the wrapper that opened an operation and the function that carries it out,
/// which need not run in one task.
#[derive(Debug)]
pub struct Handling {
    pub(crate) telemetry: Telemetry,
    /// The tool that was called, if the operation is a call.
    tool: Option<ToolRef>,
    pub(crate) span: Option<OpenSpan>,
    /// One more than the index of the attributed function that was entered; 0 while none was.
    entered: AtomicUsize,
    /// The values of the tool's labels, with which the call was counted.
    labels: CombinationCell,
    /// That function ended well, as most do: to say so otherwise takes a hundred instructions more.
    succeeded: AtomicBool,
    /// How it ended else.
    ending: OnceLock<Ending>,
    /// The text of its error, if it wants that recorded.
    error_message: OnceLock<Box<str>>,
}

impl Handling {
    pub(crate) fn new(
        telemetry: &Telemetry,
        method: Method,
        target: &Target,
        span: Option<OpenSpan>,
    ) -> Arc<Self> {
        let tool = match target {
            Target::Tool(tool) if method == Method::TOOLS_CALL => Some(tool.clone()),
            _ => None,
        };
        Arc::new(Self {
            telemetry: telemetry.clone(),
            tool,
            span,
            entered: AtomicUsize::new(0),
            labels: CombinationCell::default(),
            succeeded: AtomicBool::new(false),
            ending: OnceLock::new(),
            error_message: OnceLock::new(),
        })
    }

    /// Whether entering `callsite` is the call that this operation is about: the first entry of the
    /// tool that was called, or of any tool where the server was not known to have that one.
    pub(crate) fn enter(&self, callsite: &'static Callsite) -> bool {
        let is_called = match &self.tool {
            None => false,
            Some(ToolRef::Attributed(called)) => called.name == callsite.name,
            Some(ToolRef::Served(called)) => *called.name == *callsite.name,
            Some(ToolRef::Other | ToolRef::Unknown) => true,
        };
        let entered = callsite.index() + 1;
        is_called
            && self
                .entered
                .compare_exchange(0, entered, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok()
    }

    /// Whether the tool that was called has `#[mcp_tool]`.
    pub(crate) fn is_attributed(&self) -> bool {
        matches!(self.tool, Some(ToolRef::Attributed(_)))
    }

    /// The name of the tool that was called, if the server has it.
    #[cfg(feature = "logs")]
    pub(crate) fn tool_name(&self) -> Option<&str> {
        if let Some(callsite) = self.entered() {
            return Some(callsite.name);
        }
        match self.tool.as_ref()? {
            ToolRef::Attributed(callsite) => Some(callsite.name),
            ToolRef::Served(tool) => Some(&tool.name),
            ToolRef::Other | ToolRef::Unknown => None,
        }
    }

    /// Whether the function of an attributed tool was entered for this call.
    pub(crate) fn was_entered(&self) -> bool {
        self.entered.load(Ordering::Acquire) != 0
    }

    /// The tool whose function was entered, if it is in the catalogue.
    pub(crate) fn entered(&self) -> Option<&'static Callsite> {
        let index = self.entered.load(Ordering::Acquire).checked_sub(1)?;
        callsites().get(index).copied()
    }

    /// The function at `callsite` knows the values of its labels: counts the call.
    pub(crate) fn label(&self, callsite: &'static Callsite, labels: Combination) {
        let is_recorded = match &self.tool {
            // The operation learns at its end that it was this tool: this one of those of the name, or this
            // one of a server that did not tell which it has.
            Some(ToolRef::Attributed(_) | ToolRef::Unknown) => true,
            Some(ToolRef::Served(_) | ToolRef::Other) | None => false,
        };
        let metrics = self.telemetry.metrics().filter(|_| is_recorded);
        let tool = metrics.map(|metrics| metrics.tool(callsite));
        if let Some(tool) = tool
            && tool.has_labels()
            && self.labels.set(labels)
        {
            tool.called(Some(labels));
        }
    }

    pub(crate) fn labels(&self) -> Option<Combination> {
        self.labels.get()
    }

    /// Counts tokens for the tool that was called; not for other messages, which are no tool's.
    pub(crate) fn charge(&self, tokens: &Tokens) {
        let (Some(metrics), Some(tool)) = (self.telemetry.metrics(), &self.tool) else {
            return;
        };
        let attributed = match tool {
            ToolRef::Attributed(callsite) => Some(self.entered().unwrap_or(*callsite)),
            ToolRef::Unknown => self.entered(),
            ToolRef::Served(_) | ToolRef::Other => None,
        };
        let instruments = match (attributed, tool) {
            (Some(callsite), _) => Some(metrics.tool(callsite)),
            (None, ToolRef::Served(tool)) => tool.instruments.as_ref(),
            (None, _) => Some(metrics.other_tool()),
        };
        if let Some(instruments) = instruments {
            instruments.used(tokens, self.labels());
        }
        if let Some(callsite) = attributed {
            callsite.warn_of_undeclared_tokens();
        }
    }

    /// The function ended like this.
    pub(crate) fn report(&self, ending: Ending) {
        // Only the function that was entered reports, and it ends once.
        if ending.0 == Outcome::SUCCESS {
            self.succeeded.store(true, Ordering::Release);
        } else {
            let _ = self.ending.set(ending);
        }
    }

    /// The function failed with this text, which it wants recorded.
    pub(crate) fn report_message(&self, message: String) {
        let _ = self.error_message.set(message.into());
    }

    pub(crate) fn message(&self) -> Option<Box<str>> {
        self.error_message.get().cloned()
    }

    /// What a link to the operation points to.
    pub(crate) fn span_context(&self) -> Option<SpanContext> {
        self.span.as_ref().map(OpenSpan::span_context)
    }

    pub(crate) fn ending(&self) -> Option<Ending> {
        if self.succeeded.load(Ordering::Acquire) {
            return Some(Ending(Outcome::SUCCESS));
        }
        self.ending.get().copied()
    }
}
