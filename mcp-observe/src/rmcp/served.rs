//! Which tools and prompts a server has: only what is known here is ever a label or a span name.

use std::any::TypeId;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rmcp::ServerHandler;
use rmcp::model::ListPromptsResult;
use rustc_hash::FxHashMap;

use crate::catalogue::limits::MAX_SERVED_TOOLS;
use crate::catalogue::{Callsite, callsites};
use crate::closed::presentable::is_presentable;
use crate::operation::target::{PromptRef, ServedTool, ToolRef};
use crate::security::Tags;
use crate::telemetry::Telemetry;

/// A tool that the handler has, as the builder of its wrapper says.
#[derive(Debug)]
pub(super) struct KnownTool {
    pub(super) name: Box<str>,
    pub(super) tags: Tags,
}

/// Prompts that an instance tells apart by name; further ones are `_OTHER`.
const MAX_PROMPTS: usize = 128;

/// What is known of each type of handler. A server makes a handler for every session or even every
/// request, so it is kept with the `Telemetry` instance.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    /// A process has few types of handlers: looking through them beats hashing.
    by_type: RwLock<Vec<(TypeId, Arc<Served>)>>,
    names: Arc<Names>,
}

/// Ids of the names that are not in the source, over all handlers of an instance.
#[derive(Debug, Default)]
struct Names {
    tools: AtomicU16,
    prompts: AtomicU16,
}

/// What one type of handler has.
#[derive(Debug)]
pub(super) struct Served {
    /// The handler has answered `get_tool`; one that leaves it out has no tools by that account.
    answers: AtomicBool,
    /// Only the server's own names are in here, so callers cannot make them collide.
    tools: RwLock<FxHashMap<Box<str>, ToolRef>>,
    prompts: RwLock<HashMap<Box<str>, PromptRef>>,
    names: Arc<Names>,
}

impl Servers {
    /// What `H` has. The first time, `handler` is asked for every attributed tool of the binary.
    pub(super) fn of<H: ServerHandler>(&self, telemetry: &Telemetry, handler: &H) -> Arc<Served> {
        let of_type = |known: &[(TypeId, Arc<Served>)]| {
            let (_, served) = known.iter().find(|(key, _)| *key == TypeId::of::<H>())?;
            Some(Arc::clone(served))
        };
        let known = self.by_type.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(served) = of_type(&known) {
            return served;
        }
        drop(known);
        // The handler's own code runs without the lock; of two threads' answers the first is kept.
        let served = Arc::new(Served::ask(telemetry, handler, Arc::clone(&self.names)));
        let mut known = self.by_type.write().unwrap_or_else(PoisonError::into_inner);
        of_type(&known).unwrap_or_else(|| {
            known.push((TypeId::of::<H>(), Arc::clone(&served)));
            served
        })
    }
}

impl Served {
    fn ask<H: ServerHandler>(telemetry: &Telemetry, handler: &H, names: Arc<Names>) -> Self {
        let mut tools = FxHashMap::default();
        for callsite in callsites() {
            if !tools.contains_key(callsite.name) && handler.get_tool(callsite.name).is_some() {
                telemetry.mark_served(callsite.name);
                tools.insert(callsite.name.into(), ToolRef::Attributed(callsite));
            }
        }
        Self {
            answers: AtomicBool::new(!tools.is_empty()),
            tools: RwLock::new(tools),
            prompts: RwLock::default(),
            names,
        }
    }

    /// The tool of that name, if the server has it.
    pub(super) fn tool<H: ServerHandler>(
        &self,
        telemetry: &Telemetry,
        handler: &H,
        known: &[KnownTool],
        name: &str,
    ) -> ToolRef {
        let tools = self.tools.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(tool) = tools.get(name) {
            return tool.clone();
        }
        drop(tools);
        let answered = handler.get_tool(name).is_some();
        if answered {
            self.answers.store(true, Ordering::Relaxed);
        }
        let known = known.iter().find(|known| *known.name == *name);
        let is_known = answered || known.is_some();
        // A handler that does not tell is believed to have what the source has and no other server
        // is known to have.
        let is_believed =
            |callsite| !self.answers.load(Ordering::Relaxed) && !telemetry.is_served(callsite);
        let tool = match callsite(name) {
            Some(callsite) if is_known || is_believed(callsite) => ToolRef::Attributed(callsite),
            None if is_known && !is_presentable(name) => return ToolRef::Other,
            None if is_known => {
                let tags = known.map_or(Tags::NONE, |known| known.tags);
                self.served_tool(telemetry, name, tags)
            }
            Some(_) | None => return ToolRef::Unknown,
        };
        if let ToolRef::Attributed(callsite) = &tool {
            telemetry.mark_served(callsite.name);
        }
        let mut tools = self.tools.write().unwrap_or_else(PoisonError::into_inner);
        if tools.len() < callsites().len() + MAX_SERVED_TOOLS {
            return tools.entry(name.into()).or_insert(tool).clone();
        }
        tool
    }

    fn served_tool(&self, telemetry: &Telemetry, name: &str, tags: Tags) -> ToolRef {
        let id = self
            .names
            .tools
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                (usize::from(next) < MAX_SERVED_TOOLS).then_some(next + 1)
            });
        let Ok(id) = id else {
            return ToolRef::Other;
        };
        let name: Arc<str> = name.into();
        let value = opentelemetry::StringValue::from(Arc::clone(&name));
        ToolRef::Served(Arc::new(ServedTool {
            id,
            instruments: telemetry
                .metrics()
                .map(|metrics| metrics.named_tool(value.into())),
            server_span: format!("tools/call {name}").into(),
            name,
            tags,
        }))
    }

    /// The prompt of that name, if the server has listed it.
    pub(super) fn prompt(&self, name: &str) -> PromptRef {
        let prompts = self.prompts.read().unwrap_or_else(PoisonError::into_inner);
        prompts.get(name).cloned().unwrap_or(PromptRef::Unknown)
    }

    /// The server listed these prompts.
    pub(super) fn learn(&self, listed: &ListPromptsResult) {
        let is_new = {
            let prompts = self.prompts.read().unwrap_or_else(PoisonError::into_inner);
            let known = |name: &str| prompts.contains_key(name);
            listed.prompts.iter().any(|prompt| !known(&prompt.name))
        };
        if !is_new {
            return;
        }
        let mut prompts = self.prompts.write().unwrap_or_else(PoisonError::into_inner);
        for prompt in &listed.prompts {
            if !prompts.contains_key(prompt.name.as_str())
                && is_presentable(&prompt.name)
                && let Ok(id) =
                    self.names
                        .prompts
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                            (usize::from(next) < MAX_PROMPTS).then_some(next + 1)
                        })
            {
                let name: Arc<str> = prompt.name.as_str().into();
                prompts.insert(prompt.name.as_str().into(), PromptRef::Known { name, id });
            }
        }
    }
}

/// Tells of a name that no tags can be given to, once: a server may make a handler, and with it a
/// builder, for every session.
pub(super) fn warn_of_untaggable(name: &str) {
    static TOLD: Mutex<BTreeSet<Box<str>>> = Mutex::new(BTreeSet::new());
    let way_out = match (callsite(name), is_presentable(name)) {
        (Some(_), _) => "it has `#[mcp_tool]`: write `#[mcp_tool(tags(..))]` there",
        (None, false) => {
            "its calls have `_OTHER` for a name: only 1 to 128 letters, digits, spaces and `_-./:@` are told apart"
        }
        (None, true) => return,
    };
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = told.len() < MAX_SERVED_TOOLS && told.insert(name.into());
    drop(told);
    if is_new {
        tracing::warn!(target: "mcp_observe", "`tag_tool` does nothing for tool {name:?}: {way_out}");
    }
}

fn callsite(name: &str) -> Option<&'static Callsite> {
    callsites()
        .iter()
        .copied()
        .find(|callsite| callsite.name == name)
}
