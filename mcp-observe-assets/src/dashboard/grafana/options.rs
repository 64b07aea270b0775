//! The options of each visualization.

use serde::Serialize;

/// The `options` of a panel.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(in crate::dashboard) enum Options {
    TimeSeries {
        legend: Legend,
        tooltip: Tooltip,
    },
    #[serde(rename_all = "camelCase")]
    Stat {
        color_mode: &'static str,
        graph_mode: GraphMode,
        justify_mode: &'static str,
        orientation: &'static str,
        percent_change_color_mode: &'static str,
        reduce_options: Reduce,
        show_percent_change: bool,
        text_mode: &'static str,
        wide_layout: bool,
    },
    #[serde(rename_all = "camelCase")]
    BarGauge {
        display_mode: &'static str,
        legend: Legend,
        max_viz_height: u16,
        min_viz_height: u16,
        min_viz_width: u16,
        name_placement: &'static str,
        orientation: &'static str,
        reduce_options: Reduce,
        show_unfilled: bool,
        sizing: &'static str,
        value_mode: &'static str,
    },
    #[serde(rename_all = "camelCase")]
    Table {
        cell_height: &'static str,
        frame_index: u8,
        show_header: bool,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        sort_by: Vec<SortBy>,
    },
    #[serde(rename_all = "camelCase")]
    HeatMap {
        calculate: bool,
        cell_gap: u8,
        color: HeatMapColor,
        exemplars: ExemplarColor,
        filter_values: FilterValues,
        legend: ShownLegend,
        rows_frame: RowsFrame,
        show_value: &'static str,
        tooltip: HeatMapTooltip,
        y_axis: YAxis,
    },
    #[serde(rename_all = "camelCase")]
    StateTimeline {
        legend: Legend,
        merge_values: bool,
        row_height: f64,
        show_value: &'static str,
        tooltip: Tooltip,
    },
    #[serde(rename_all = "camelCase")]
    Logs {
        dedup_strategy: &'static str,
        enable_log_details: bool,
        prettify_log_message: bool,
        show_common_labels: bool,
        show_labels: bool,
        show_log_context_toggle: bool,
        show_time: bool,
        sort_order: &'static str,
        wrap_log_message: bool,
    },
}

/// What is behind a stat's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::dashboard) enum GraphMode {
    Area,
    None,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Legend {
    #[serde(rename = "showLegend")]
    is_shown: bool,
    display_mode: &'static str,
    placement: &'static str,
    calcs: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_desc: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Tooltip {
    mode: &'static str,
    sort: &'static str,
    hide_zeros: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct Reduce {
    calcs: [&'static str; 1],
    fields: &'static str,
    values: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct SortBy {
    display_name: &'static str,
    desc: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct HeatMapColor {
    mode: &'static str,
    scheme: &'static str,
    fill: &'static str,
    scale: &'static str,
    exponent: f64,
    steps: u8,
    reverse: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct ExemplarColor {
    color: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct FilterValues {
    le: f64,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct ShownLegend {
    show: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct RowsFrame {
    layout: &'static str,
    value: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct HeatMapTooltip {
    mode: &'static str,
    show_color_scale: bool,
    y_histogram: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct YAxis {
    axis_placement: &'static str,
    unit: &'static str,
}

impl Legend {
    fn list() -> Self {
        Self {
            is_shown: true,
            display_mode: "list",
            placement: "bottom",
            calcs: Vec::new(),
            sort_by: None,
            sort_desc: None,
        }
    }

    fn table(calcs: &[&'static str], sort_by: &'static str) -> Self {
        Self {
            display_mode: "table",
            placement: "right",
            calcs: calcs.to_vec(),
            sort_by: Some(sort_by),
            sort_desc: Some(true),
            ..Self::list()
        }
    }

    fn hidden() -> Self {
        Self {
            is_shown: false,
            ..Self::list()
        }
    }
}

impl Reduce {
    fn last() -> Self {
        Self {
            calcs: ["lastNotNull"],
            fields: "",
            values: false,
        }
    }
}

const ALL_SERIES: Tooltip = Tooltip {
    mode: "multi",
    sort: "desc",
    hide_zeros: true,
};

impl Options {
    pub(super) fn time_series() -> Self {
        Self::TimeSeries {
            legend: Legend::list(),
            tooltip: ALL_SERIES,
        }
    }

    /// With a table of the series' means and maxima at the right, the largest mean first.
    pub(super) fn time_series_with_table() -> Self {
        Self::TimeSeries {
            legend: Legend::table(&["mean", "max"], "Mean"),
            tooltip: ALL_SERIES,
        }
    }

    pub(super) fn stat(graph_mode: GraphMode) -> Self {
        Self::Stat {
            color_mode: "value",
            graph_mode,
            justify_mode: "auto",
            orientation: "auto",
            percent_change_color_mode: "standard",
            reduce_options: Reduce::last(),
            show_percent_change: false,
            text_mode: "value",
            wide_layout: true,
        }
    }

    pub(super) fn bar_gauge() -> Self {
        Self::BarGauge {
            display_mode: "basic",
            legend: Legend::hidden(),
            max_viz_height: 32,
            min_viz_height: 16,
            min_viz_width: 8,
            name_placement: "left",
            orientation: "horizontal",
            reduce_options: Reduce::last(),
            show_unfilled: true,
            sizing: "manual",
            value_mode: "color",
        }
    }

    pub(super) fn table(sort_by: Option<&'static str>) -> Self {
        let sort_by = sort_by.map(|display_name| SortBy {
            display_name,
            desc: true,
        });
        Self::Table {
            cell_height: "sm",
            frame_index: 0,
            show_header: true,
            sort_by: sort_by.into_iter().collect(),
        }
    }

    pub(super) fn heat_map() -> Self {
        Self::HeatMap {
            calculate: false,
            cell_gap: 1,
            color: HeatMapColor {
                mode: "scheme",
                scheme: "Blues",
                fill: "dark-blue",
                scale: "exponential",
                exponent: 0.5,
                steps: 64,
                reverse: false,
            },
            exemplars: ExemplarColor {
                color: "rgba(255,120,10,0.8)",
            },
            // Nothing is drawn where there was no call.
            filter_values: FilterValues { le: 1e-9 },
            legend: ShownLegend { show: true },
            rows_frame: RowsFrame {
                layout: "auto",
                value: "Calls",
            },
            show_value: "never",
            tooltip: HeatMapTooltip {
                mode: "single",
                show_color_scale: true,
                y_histogram: true,
            },
            y_axis: YAxis {
                axis_placement: "left",
                unit: "s",
            },
        }
    }

    pub(super) fn state_timeline() -> Self {
        Self::StateTimeline {
            legend: Legend::hidden(),
            merge_values: true,
            row_height: 0.9,
            show_value: "auto",
            tooltip: Tooltip {
                mode: "single",
                sort: "none",
                hide_zeros: false,
            },
        }
    }

    pub(super) fn logs() -> Self {
        Self::Logs {
            dedup_strategy: "none",
            enable_log_details: true,
            prettify_log_message: false,
            show_common_labels: false,
            show_labels: false,
            show_log_context_toggle: true,
            show_time: true,
            sort_order: "Descending",
            wrap_log_message: false,
        }
    }
}
