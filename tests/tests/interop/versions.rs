//! The protocol revisions that peers speak.

/// The one without `initialize`.
pub(crate) const MODERN: &str = "2026-07-28";
/// The last one with it.
pub(crate) const LEGACY: &str = "2025-11-25";
