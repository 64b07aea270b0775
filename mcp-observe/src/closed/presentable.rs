//! Which strings that someone outside chose may be shown at all: as a label, in a span's name, in a
//! log line.

/// Longest one, in bytes: that of MCP's tool names.
const MAX_LEN: usize = 128;

/// Whether a name is fit for that. A server may say that it has any tool at all, and then it is the
/// caller who chose the name.
pub(crate) fn is_presentable(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./ :@".contains(c);
    (1..=MAX_LEN).contains(&name.len()) && name.chars().all(is_plain)
}
