//! Links from a value.

use serde::Serialize;

/// A link that a value of a panel has.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct DataLink {
    pub(in crate::dashboard) title: &'static str,
    pub(in crate::dashboard) url: String,
    pub(in crate::dashboard) target_blank: bool,
}
