//! The attributed tools of the binary, known without calling any: each `#[mcp_tool]` registers its
//! [`Callsite`] at link time.

use std::sync::atomic::{AtomicU32, Ordering};

/// What `#[mcp_tool]` knows about a tool from its source. Made by the attribute only.
#[derive(Debug)]
pub struct Callsite {
    pub(crate) name: &'static str,
    pub(crate) server_span: &'static str,
    pub(crate) internal_span: &'static str,
    pub(crate) buckets: Option<&'static [f64]>,
    pub(crate) module: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    /// Place in [`CALLSITES`], plus one; 0 until [`number`] ran.
    id: AtomicU32,
}

impl Callsite {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        server_span: &'static str,
        internal_span: &'static str,
        buckets: Option<&'static [f64]>,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Self {
        Self {
            name,
            server_span,
            internal_span,
            buckets,
            module,
            file,
            line,
            id: AtomicU32::new(0),
        }
    }

    /// The index of this callsite's entry in the tables of a `Telemetry` instance, which have one
    /// more entry than there are callsites: for any that the linker did not put into the slice, as
    /// where a program and this crate are different dynamic libraries.
    pub(crate) fn index(&'static self) -> usize {
        if self.id.load(Ordering::Relaxed) == 0 {
            number();
        }
        match self.id.load(Ordering::Relaxed) {
            0 => CALLSITES.len(),
            id => id as usize - 1,
        }
    }

    /// Whether the linker put it into the slice.
    pub(crate) fn is_listed(&'static self) -> bool {
        self.index() < CALLSITES.len()
    }
}

/// Gives every callsite its place in the slice. Idempotent, so that racing threads do no harm.
#[cold]
fn number() {
    for (id, callsite) in (1..).zip(CALLSITES) {
        callsite.id.store(id, Ordering::Relaxed);
    }
}

/// The slice that the linker fills. Its elements are in the crates that use `#[mcp_tool]`.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static CALLSITES: [&'static Callsite];

/// The attributed tools of this binary.
pub(crate) fn callsites() -> &'static [&'static Callsite] {
    &CALLSITES
}

/// An attributed tool of this binary, as [`tools`] lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tool {
    /// The tool's name: the value of `tool_name` and of `gen_ai.tool.name`.
    pub name: &'static str,
    /// The module that the function is in.
    pub module: &'static str,
    /// The source file of the function.
    pub file: &'static str,
    /// The line of the function in it.
    pub line: u32,
}

/// Lists the tools of this binary that have `#[mcp_tool]`, sorted by name, without calling any.
#[must_use]
pub fn tools() -> Vec<Tool> {
    let mut tools: Vec<Tool> = callsites()
        .iter()
        .map(|callsite| Tool {
            name: callsite.name,
            module: callsite.module,
            file: callsite.file,
            line: callsite.line,
        })
        .collect();
    tools.sort_by_key(|tool| (tool.name, tool.module, tool.line));
    tools
}
