//! Grafana's JSON model of a dashboard, as far as it is used here.
//!
//! Structs rather than JSON values: their keys are written in the order of their fields, whatever
//! features `serde_json` was built with.

mod dashboard;
mod field;
mod link;
mod options;
mod override_rule;
mod panel;
mod row;
mod source;
mod target;
mod transformation;
mod variable;

pub(super) use dashboard::{Annotation, Dashboard};
pub(super) use field::{FieldConfig, Threshold, Unit};
pub(super) use link::DataLink;
pub(super) use options::{GraphMode, Options};
pub(super) use override_rule::Override;
pub(super) use panel::{GridPosition, Panel};
pub(super) use row::Row;
pub(super) use source::{Source, SourceRef};
pub(super) use target::{Format, Target};
pub(super) use transformation::Transformation;
pub(super) use variable::Variable;
