//! How values are shown: units, colours, thresholds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{DataLink, Override};

/// The `fieldConfig` of a panel.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::dashboard) struct FieldConfig {
    pub(super) defaults: Defaults,
    pub(super) overrides: Vec<Override>,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Defaults {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decimals: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) no_value: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) color: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) thresholds: Option<Thresholds>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) mappings: Vec<Mapping>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<DataLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) custom: Option<Custom>,
}

/// Grafana's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(in crate::dashboard) enum Unit {
    #[serde(rename = "short")]
    Count,
    #[serde(rename = "s")]
    Seconds,
    #[serde(rename = "reqps")]
    CallsPerSecond,
    #[serde(rename = "cpm")]
    PerMinute,
    /// Of 1.
    #[serde(rename = "percentunit")]
    Ratio,
    #[serde(rename = "currencyUSD")]
    Dollars,
    /// As it is.
    #[serde(rename = "string")]
    Text,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Color {
    pub(super) mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fixed_color: Option<&'static str>,
}

impl Color {
    pub(super) fn fixed(color: &'static str) -> Self {
        Self {
            mode: "fixed",
            fixed_color: Some(color),
        }
    }

    pub(super) fn mode(mode: &'static str) -> Self {
        Self {
            mode,
            fixed_color: None,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Thresholds {
    mode: &'static str,
    steps: Vec<Threshold>,
}

/// The colour of values from here on.
#[derive(Debug, Clone, Copy, Serialize)]
pub(in crate::dashboard) struct Threshold {
    color: &'static str,
    /// None in the first one.
    value: Option<f64>,
}

impl Thresholds {
    pub(super) fn new(steps: Vec<Threshold>) -> Self {
        Self {
            mode: "absolute",
            steps,
        }
    }
}

impl Threshold {
    pub(in crate::dashboard) fn base(color: &'static str) -> Self {
        Self { color, value: None }
    }

    pub(in crate::dashboard) fn from(value: f64, color: &'static str) -> Self {
        Self {
            color,
            value: Some(value),
        }
    }
}

/// A text instead of a value.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Mapping {
    r#type: &'static str,
    options: MappingOptions,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum MappingOptions {
    Special {
        r#match: &'static str,
        result: Shown,
    },
    Values(BTreeMap<&'static str, Shown>),
}

#[derive(Debug, Clone, Serialize)]
struct Shown {
    text: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
}

impl Mapping {
    /// The text for "not a number": a ratio or a quantile of nothing.
    pub(super) fn nan(text: &'static str) -> Self {
        let result = Shown { text, color: None };
        let options = MappingOptions::Special {
            r#match: "nan",
            result,
        };
        Self {
            r#type: "special",
            options,
        }
    }

    /// Texts and colours for values.
    pub(super) fn values(values: &[(&'static str, &'static str, &'static str)]) -> Self {
        let shown = values.iter().map(|&(value, text, color)| {
            let color = Some(color);
            (value, Shown { text, color })
        });
        Self {
            r#type: "value",
            options: MappingOptions::Values(shown.collect()),
        }
    }
}

/// What only some visualizations know.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Custom {
    #[serde(rename_all = "camelCase")]
    TimeSeries {
        draw_style: &'static str,
        line_width: u8,
        fill_opacity: u8,
        show_points: &'static str,
        span_nulls: bool,
        stacking: Stacking,
        #[serde(skip_serializing_if = "Option::is_none")]
        axis_soft_min: Option<u8>,
        scale_distribution: Scale,
    },
    #[serde(rename_all = "camelCase")]
    Table {
        align: &'static str,
        cell_options: CellOptions,
        filterable: bool,
        inspect: bool,
    },
    #[serde(rename_all = "camelCase")]
    StateTimeline { fill_opacity: u8, line_width: u8 },
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Stacking {
    pub(super) mode: &'static str,
}

/// The scale of an axis.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Scale {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<u8>,
}

impl Scale {
    pub(super) const LINEAR: Self = Self {
        r#type: "linear",
        log: None,
    };
    pub(super) const LOGARITHMIC: Self = Self {
        r#type: "log",
        log: Some(10),
    };
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct CellOptions {
    pub(super) r#type: &'static str,
}
