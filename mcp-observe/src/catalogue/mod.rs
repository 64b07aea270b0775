//! The attributed tools of the binary, known without calling any: each `#[mcp_tool]` registers its
//! [`Callsite`] at link time.

pub(crate) mod budget;
pub(crate) mod limits;
pub(crate) mod series_budget;

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::error_class::ErrorClass;
use crate::error_type::ErrorTypes;
use crate::label::Label;
use crate::metric;
use crate::security::Tags;
use crate::semconv::TOOL_BUCKETS;
use budget::Factors;

/// What `#[mcp_tool]` knows about a tool from its source. Made by the attribute only.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub(crate) name: &'static str,
    pub(crate) server_span: &'static str,
    pub(crate) internal_span: &'static str,
    pub(crate) buckets: Option<&'static [f64]>,
    pub(crate) labels: &'static [Label],
    pub(crate) error_types: ErrorTypes,
    /// Whether it declares that it uses tokens.
    pub(crate) tokens: bool,
    pub(crate) tags: Tags,
    pub(crate) budget: usize,
    module: &'static str,
    file: &'static str,
    line: u32,
}

#[doc(hidden)]
impl Facts {
    #[must_use]
    pub const fn new(
        name: &'static str,
        server_span: &'static str,
        internal_span: &'static str,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Self {
        Self {
            name,
            server_span,
            internal_span,
            buckets: None,
            labels: &[],
            error_types: ErrorTypes::NONE,
            tokens: false,
            tags: Tags::NONE,
            budget: budget::DEFAULT_BUDGET,
            module,
            file,
            line,
        }
    }

    #[must_use]
    pub const fn buckets(mut self, buckets: &'static [f64]) -> Self {
        self.buckets = Some(buckets);
        self
    }

    #[must_use]
    pub const fn labels(mut self, labels: &'static [Label]) -> Self {
        self.labels = labels;
        self
    }

    #[must_use]
    pub const fn error_types(mut self, types: ErrorTypes) -> Self {
        self.error_types = types;
        self
    }

    #[must_use]
    pub const fn tokens(mut self) -> Self {
        self.tokens = true;
        self
    }

    #[must_use]
    pub const fn tags(mut self, tags: Tags) -> Self {
        self.tags = tags;
        self
    }

    #[must_use]
    pub const fn budget(mut self, series: usize) -> Self {
        self.budget = series;
        self
    }
}

/// A tool's place in the binary.
#[derive(Debug)]
pub struct Callsite {
    facts: Facts,
    /// Place in [`CALLSITES`], plus one; 0 until [`numbered`] ran.
    id: AtomicU32,
    /// The log was told that it uses tokens and does not declare it.
    warned: AtomicBool,
}

impl Deref for Callsite {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl Callsite {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(facts: Facts) -> Self {
        Self {
            facts,
            id: AtomicU32::new(0),
            warned: AtomicBool::new(false),
        }
    }

    /// Its place in the slice, counted from 1, once [`numbered`] was called, as any instance does; 0 if the
    /// linker did not put it there, as where a program and this crate are different dynamic libraries.
    #[inline]
    pub(crate) fn place(&'static self) -> u32 {
        self.id.load(Ordering::Relaxed)
    }

    /// The index of this callsite's entry in the tables of a `Telemetry` instance, which have one
    /// more entry than there are callsites: for any that is not in the slice.
    pub(crate) fn index(&'static self) -> usize {
        match self.place() {
            0 => CALLSITES.len(),
            place => place as usize - 1,
        }
    }

    /// It used tokens: tells, once, if it does not declare that.
    pub(crate) fn warn_of_undeclared_tokens(&self) {
        if !self.tokens && !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                target: "mcp_observe",
                "tool `{}` records token usage without declaring it: its series on `{}` were not \
                 there from the start and are not in its budget; write `#[mcp_tool(tokens)]`",
                self.name,
                metric::TOOL_TOKENS.name,
            );
        }
    }

    /// Whether the binary has other tools of the same name, as where it serves two versions of one: which of
    /// them is called is known only when its function is entered.
    pub(crate) fn has_namesakes(&self) -> bool {
        let of_name = |callsite: &&&'static Self| callsite.name == self.name;
        callsites().iter().filter(of_name).nth(1).is_some()
    }

    /// Whether the linker put it into the slice.
    pub(crate) fn is_listed(&'static self) -> bool {
        self.place() != 0
    }
}

/// The attributed tools of this binary, each of which knows its place in the slice from now on. Idempotent, so
/// that racing threads do no harm.
pub(crate) fn numbered() -> &'static [&'static Callsite] {
    for (id, callsite) in (1..).zip(CALLSITES) {
        callsite.id.store(id, Ordering::Relaxed);
    }
    callsites()
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
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Tool {
    /// The tool's name: the value of `tool_name` and of `gen_ai.tool.name`.
    pub name: &'static str,
    /// The labels that it declares.
    pub labels: &'static [Label],
    /// The classes of its own error type, beside those that every tool can have.
    pub error_types: Vec<&'static str>,
    /// The upper bounds of its duration's buckets, in seconds.
    pub buckets: &'static [f64],
    /// Whether it declares that it uses tokens.
    pub tokens: bool,
    /// What it does that matters to security, as it declares it.
    pub tags: Tags,
    /// Time series that it can have at most, as Prometheus counts them.
    pub series: usize,
    /// Time series that it may have.
    pub budget: usize,
    /// The module that the function is in.
    pub module: &'static str,
    /// The source file of the function.
    pub file: &'static str,
    /// The line of the function in it.
    pub line: u32,
}

impl Tool {
    /// All values of `error_type` that its `mcp_tool_errors_total` can have: those that every tool can
    /// have, and its own.
    #[must_use]
    pub fn error_classes(&self) -> Vec<&'static str> {
        let own = self.error_types.iter();
        ErrorClass::COUNTED.iter().chain(own).copied().collect()
    }

    fn of(callsite: &Callsite) -> Self {
        Self {
            name: callsite.name,
            labels: callsite.labels,
            error_types: callsite.error_types.iter().collect(),
            buckets: callsite.buckets.unwrap_or(&TOOL_BUCKETS),
            tokens: callsite.tokens,
            tags: callsite.tags,
            series: Factors::of(callsite).series(),
            budget: callsite.budget,
            module: callsite.module,
            file: callsite.file,
            line: callsite.line,
        }
    }
}

/// Lists the tools of this binary that have `#[mcp_tool]`, sorted by name, without calling any.
///
/// # Example
/// A test that no tool both reads what is confidential and sends:
/// ```
/// use mcp_observe::{security::Tags, tools};
///
/// let both = Tags::SOURCE | Tags::SINK;
/// for tool in tools() {
///     assert!(!tool.tags.contains(both), "{} ({}:{})", tool.name, tool.file, tool.line);
/// }
/// ```
#[must_use]
pub fn tools() -> Vec<Tool> {
    tools_where(|_| true)
}

/// Those of [`tools`] whose name is wanted.
pub(crate) fn tools_where(is_wanted: impl Fn(&str) -> bool) -> Vec<Tool> {
    let mut tools: Vec<Tool> = callsites()
        .iter()
        .filter(|callsite| is_wanted(callsite.name))
        .map(|callsite| Tool::of(callsite))
        .collect();
    tools.sort_by_key(|tool| (tool.name, tool.module, tool.line));
    tools
}
