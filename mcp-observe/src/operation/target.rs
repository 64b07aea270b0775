//! What an operation is about: a tool, a prompt, or nothing in particular.

use std::sync::Arc;

use opentelemetry::{StringValue, Value};

use crate::catalogue::Callsite;
use crate::metrics::ToolInstruments;
use crate::security::Tags;
use crate::semconv::OTHER;

/// A tool that a call named.
#[derive(Debug, Clone)]
pub(crate) enum ToolRef {
    /// Has `#[mcp_tool]`.
    Attributed(&'static Callsite),
    /// Has no attribute, but the server says that it has the tool.
    Served(Arc<ServedTool>),
    /// The server has the tool, but has too many to tell them apart.
    Other,
    /// The server has no such tool; the name that was asked for is not kept.
    Unknown,
}

/// A tool without the attribute.
#[derive(Debug)]
pub(crate) struct ServedTool {
    pub(crate) name: Arc<str>,
    /// The name of its calls' spans.
    pub(crate) server_span: Box<str>,
    /// Distinguishes it from all other tools of a `Telemetry` instance.
    pub(crate) id: u16,
    /// As the builder of the handler's wrapper says.
    pub(crate) tags: Tags,
    pub(crate) instruments: Option<ToolInstruments>,
}

impl ToolRef {
    /// The name, for `gen_ai.tool.name`, without copying it.
    pub(crate) fn name(&self) -> Value {
        match self {
            Self::Attributed(callsite) => callsite.name.into(),
            Self::Served(tool) => Value::String(StringValue::from(Arc::clone(&tool.name))),
            Self::Other | Self::Unknown => OTHER.into(),
        }
    }

    /// The name, for a label: that of a tool only if it has an index of its own.
    pub(crate) fn label(&self) -> Value {
        match self {
            Self::Attributed(callsite) if !callsite.is_listed() => OTHER.into(),
            tool => tool.name(),
        }
    }

    /// What is declared of it.
    pub(crate) fn tags(&self) -> Tags {
        match self {
            Self::Attributed(callsite) => callsite.tags,
            Self::Served(tool) => tool.tags,
            Self::Other | Self::Unknown => Tags::NONE,
        }
    }

    /// 16 bits that no other tool of the instance has; 0 for all that are `_OTHER`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a binary has fewer than 32,768 tools"
    )]
    pub(crate) fn index(&self) -> u16 {
        match self {
            Self::Other | Self::Unknown => 0,
            Self::Attributed(callsite) => callsite.place() as u16 & 0x7FFF,
            Self::Served(tool) => 0x8000 | tool.id,
        }
    }
}

/// A prompt that a request named.
#[derive(Debug, Clone)]
pub(crate) enum PromptRef {
    /// One of the prompts that the server listed.
    Known {
        name: Arc<str>,
        id: u16,
    },
    Unknown,
}

impl PromptRef {
    pub(crate) fn name(&self) -> Value {
        match self {
            Self::Known { name, .. } => Value::String(StringValue::from(Arc::clone(name))),
            Self::Unknown => OTHER.into(),
        }
    }

    pub(crate) fn index(&self) -> u16 {
        match self {
            Self::Unknown => 0,
            Self::Known { id, .. } => id + 1,
        }
    }
}

/// The target of an operation.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    None,
    Tool(ToolRef),
    Prompt(PromptRef),
}
