//! Panels.

use serde::Serialize;

use super::field::{CellOptions, Color, Custom, Mapping, Scale, Stacking, Thresholds};
use super::source::SourceRef;
use super::{
    DataLink, FieldConfig, GraphMode, Options, Override, Target, Threshold, Transformation, Unit,
};

/// A panel.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Panel {
    /// Set when it is placed.
    pub(in crate::dashboard) id: u32,
    r#type: &'static str,
    title: String,
    description: &'static str,
    /// Its place is set when it is placed.
    pub(in crate::dashboard) grid_pos: GridPosition,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<SourceRef>,
    targets: Vec<Target>,
    field_config: FieldConfig,
    options: Options,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transformations: Vec<Transformation>,
}

/// A place in the dashboard's grid of 24 columns; a unit of height is 30 pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(in crate::dashboard) struct GridPosition {
    pub(in crate::dashboard) h: u16,
    pub(in crate::dashboard) w: u16,
    pub(in crate::dashboard) x: u16,
    pub(in crate::dashboard) y: u16,
}

impl Panel {
    /// Lines over time.
    pub(in crate::dashboard) fn lines(title: impl Into<String>) -> Self {
        Self::new("timeseries", title, Options::time_series()).drawn("line", 8, "none")
    }

    /// Bars over time, on top of each other.
    pub(in crate::dashboard) fn bars(title: impl Into<String>) -> Self {
        Self::new("timeseries", title, Options::time_series()).drawn("bars", 70, "normal")
    }

    /// Areas over time, on top of each other.
    pub(in crate::dashboard) fn areas(title: impl Into<String>) -> Self {
        Self::new("timeseries", title, Options::time_series()).drawn("line", 40, "normal")
    }

    /// One number.
    pub(in crate::dashboard) fn stat(title: impl Into<String>, graph: GraphMode) -> Self {
        Self::new("stat", title, Options::stat(graph))
    }

    /// A bar for each series.
    pub(in crate::dashboard) fn bar_gauge(title: impl Into<String>) -> Self {
        Self::new("bargauge", title, Options::bar_gauge())
    }

    /// A table, the largest of one column first.
    pub(in crate::dashboard) fn table(
        title: impl Into<String>,
        sort_by: Option<&'static str>,
    ) -> Self {
        let mut panel = Self::new("table", title, Options::table(sort_by));
        panel.field_config.defaults.custom = Some(Custom::Table {
            align: "auto",
            cell_options: CellOptions { r#type: "auto" },
            filterable: false,
            inspect: false,
        });
        panel
    }

    /// How many calls were in which bucket, over time.
    pub(in crate::dashboard) fn heat_map(title: impl Into<String>) -> Self {
        Self::new("heatmap", title, Options::heat_map()).unit(Unit::Count)
    }

    /// The states of each series over time.
    pub(in crate::dashboard) fn state_timeline(title: impl Into<String>) -> Self {
        let mut panel = Self::new("state-timeline", title, Options::state_timeline());
        panel.field_config.defaults.custom = Some(Custom::StateTimeline {
            fill_opacity: 70,
            line_width: 0,
        });
        panel
    }

    /// Log lines.
    pub(in crate::dashboard) fn logs(title: impl Into<String>) -> Self {
        Self::new("logs", title, Options::logs()).unit(Unit::Text)
    }

    fn new(r#type: &'static str, title: impl Into<String>, options: Options) -> Self {
        let mut panel = Self {
            id: 0,
            r#type,
            title: title.into(),
            description: "",
            grid_pos: GridPosition::default(),
            datasource: None,
            targets: Vec::new(),
            field_config: FieldConfig::default(),
            options,
            transformations: Vec::new(),
        };
        panel.field_config.defaults.mappings = vec![Mapping::nan("–")];
        panel
    }

    fn drawn(mut self, draw_style: &'static str, opacity: u8, stacking: &'static str) -> Self {
        self.field_config.defaults.custom = Some(Custom::TimeSeries {
            draw_style,
            line_width: u8::from(draw_style == "line"),
            fill_opacity: opacity,
            show_points: "auto",
            span_nulls: false,
            stacking: Stacking { mode: stacking },
            axis_soft_min: Some(0),
            scale_distribution: Scale::LINEAR,
        });
        self.field_config.defaults.color = Some(Color::mode("palette-classic"));
        self
    }

    /// What it says, and what to do.
    pub(in crate::dashboard) fn describe(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Columns, of 24, and height.
    pub(in crate::dashboard) fn size(mut self, width: u16, height: u16) -> Self {
        self.grid_pos.w = width;
        self.grid_pos.h = height;
        self
    }

    /// One more query.
    pub(in crate::dashboard) fn target(mut self, mut target: Target) -> Self {
        target.ref_id = reference(self.targets.len());
        self.datasource = Some(target.source().clone());
        self.targets.push(target);
        self
    }

    pub(in crate::dashboard) fn unit(mut self, unit: Unit) -> Self {
        self.field_config.defaults.unit = Some(unit);
        self
    }

    pub(in crate::dashboard) fn decimals(mut self, decimals: u8) -> Self {
        self.field_config.defaults.decimals = Some(decimals);
        self
    }

    /// The values of 0 % and 100 %.
    pub(in crate::dashboard) fn between(mut self, min: f64, max: f64) -> Self {
        self.field_config.defaults.min = Some(min);
        self.field_config.defaults.max = Some(max);
        self
    }

    /// What is shown where there is no value.
    pub(in crate::dashboard) fn no_value(mut self, text: &'static str) -> Self {
        self.field_config.defaults.no_value = Some(text);
        self
    }

    /// One colour for all.
    pub(in crate::dashboard) fn color(mut self, color: &'static str) -> Self {
        self.field_config.defaults.color = Some(Color::fixed(color));
        self
    }

    /// The colour says how good the value is.
    pub(in crate::dashboard) fn thresholds(mut self, steps: Vec<Threshold>) -> Self {
        self.field_config.defaults.color = Some(Color::mode("thresholds"));
        self.field_config.defaults.thresholds = Some(Thresholds::new(steps));
        self
    }

    /// Texts and colours for single values: the value, its text, its colour.
    pub(in crate::dashboard) fn states(
        mut self,
        states: &[(&'static str, &'static str, &'static str)],
    ) -> Self {
        self.field_config.defaults.mappings = vec![Mapping::values(states)];
        self.field_config.defaults.color = Some(Color::mode("thresholds"));
        self
    }

    /// For values of several orders of magnitude.
    pub(in crate::dashboard) fn logarithmic(mut self) -> Self {
        if let Some(Custom::TimeSeries {
            axis_soft_min,
            scale_distribution,
            ..
        }) = &mut self.field_config.defaults.custom
        {
            *axis_soft_min = None;
            *scale_distribution = Scale::LOGARITHMIC;
        }
        self
    }

    /// With a table of the series at the right.
    pub(in crate::dashboard) fn legend_table(mut self) -> Self {
        self.options = Options::time_series_with_table();
        self
    }

    pub(in crate::dashboard) fn links(mut self, links: Vec<DataLink>) -> Self {
        self.field_config.defaults.links = links;
        self
    }

    pub(in crate::dashboard) fn overrides(
        mut self,
        overrides: impl IntoIterator<Item = Override>,
    ) -> Self {
        self.field_config.overrides.extend(overrides);
        self
    }

    pub(in crate::dashboard) fn transformations(mut self, steps: Vec<Transformation>) -> Self {
        self.transformations = steps;
        self
    }

    pub(in crate::dashboard) fn title(&self) -> &str {
        &self.title
    }

    pub(in crate::dashboard) fn targets(&self) -> &[Target] {
        &self.targets
    }
}

/// `A` to `Z`, then `A1` to `Z1` and so on.
fn reference(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).expect("less than 26"));
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}
