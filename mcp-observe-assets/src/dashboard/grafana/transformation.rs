//! How a table is made from the results of several queries.

use std::collections::BTreeMap;

use serde::Serialize;

/// A step.
#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct Transformation {
    id: &'static str,
    options: Options,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Options {
    None {},
    #[serde(rename_all = "camelCase")]
    Organize {
        exclude_by_name: BTreeMap<&'static str, bool>,
        index_by_name: BTreeMap<&'static str, usize>,
        rename_by_name: BTreeMap<&'static str, &'static str>,
    },
}

impl Transformation {
    /// One row for all results that have the same labels.
    pub(in crate::dashboard) fn merge() -> Self {
        Self {
            id: "merge",
            options: Options::None {},
        }
    }

    /// The columns that are shown, in this order, each with its title; `hidden` are not.
    pub(in crate::dashboard) fn organize(
        columns: &[(&'static str, &'static str)],
        hidden: &[&'static str],
    ) -> Self {
        let places = columns.iter().enumerate();
        Self {
            id: "organize",
            options: Options::Organize {
                exclude_by_name: hidden.iter().map(|&name| (name, true)).collect(),
                index_by_name: places.map(|(index, &(name, _))| (name, index)).collect(),
                rename_by_name: columns.iter().copied().collect(),
            },
        }
    }
}
