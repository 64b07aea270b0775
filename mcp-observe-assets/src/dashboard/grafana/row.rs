//! Rows: panels below a title that folds them.

use serde::Serialize;

use super::{GridPosition, Panel};

/// A row as the JSON has it; the panels of one that is open stand beside it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Row {
    pub(in crate::dashboard) id: u32,
    pub(in crate::dashboard) r#type: &'static str,
    pub(in crate::dashboard) title: &'static str,
    pub(in crate::dashboard) grid_pos: GridPosition,
    pub(in crate::dashboard) collapsed: bool,
    pub(in crate::dashboard) panels: Vec<Panel>,
}
