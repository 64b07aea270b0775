//! Names of tools and prompts that a client asks servers for: which of them are span names and
//! labels.
//!
//! The names are the client's own, but an agent's model may make them up, so they are bounded.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::presentable::is_presentable;
use crate::operation::target::{PromptRef, ServedTool, ToolRef};
use crate::security::Tags;

/// Tools, and likewise prompts, that an instance tells apart by name; further ones are `_OTHER`.
const MAX: u16 = 128;

/// What was asked for so far.
#[derive(Debug, Default)]
pub(crate) struct Names {
    tools: RwLock<HashMap<Box<str>, ToolRef>>,
    prompts: RwLock<HashMap<Box<str>, PromptRef>>,
}

impl Names {
    /// The tool of a call that is sent.
    pub(crate) fn tool(&self, name: &str) -> ToolRef {
        let tool = |id| {
            ToolRef::Served(Arc::new(ServedTool {
                name: name.into(),
                server_span: format!("tools/call {name}").into(),
                id,
                instruments: None,
                tags: Tags::NONE,
            }))
        };
        known(&self.tools, name, tool).unwrap_or(ToolRef::Other)
    }

    /// The prompt of a request that is sent.
    pub(crate) fn prompt(&self, name: &str) -> PromptRef {
        let prompt = |id| PromptRef::Known {
            name: name.into(),
            id,
        };
        known(&self.prompts, name, prompt).unwrap_or(PromptRef::Unknown)
    }
}

/// What stands for `name`, made with an id of its own the first time; none where there is no room.
fn known<T: Clone>(
    table: &RwLock<HashMap<Box<str>, T>>,
    name: &str,
    make: impl FnOnce(u16) -> T,
) -> Option<T> {
    let read = table.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = read.get(name) {
        return Some(found.clone());
    }
    drop(read);
    if !is_presentable(name) {
        return None;
    }
    let mut write = table.write().unwrap_or_else(PoisonError::into_inner);
    let id = u16::try_from(write.len()).unwrap_or(MAX);
    if id >= MAX {
        return write.get(name).cloned();
    }
    Some(write.entry(name.into()).or_insert_with(|| make(id)).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_up_to_a_bound() {
        let names = Names::default();
        for index in 0..1_000 {
            names.tool(&format!("tool-{index}"));
            names.prompt(&format!("prompt-{index}"));
        }
        assert_eq!(names.tool("tool-127").name().as_str(), "tool-127");
        assert_eq!(names.tool("tool-128").name().as_str(), "_OTHER");
        assert_eq!(names.prompt("prompt-127").name().as_str(), "prompt-127");
        assert_eq!(names.prompt("prompt-128").name().as_str(), "_OTHER");
    }

    #[test]
    fn what_is_no_name_is_not_shown() {
        assert_eq!(Names::default().tool("a\nb").name().as_str(), "_OTHER");
    }
}
