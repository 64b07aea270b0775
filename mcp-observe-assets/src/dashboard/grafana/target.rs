//! Queries of panels.

use serde::Serialize;

use super::Source;
use super::source::SourceRef;
use crate::promql::Query;

/// A query, and how its result is shown.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Target {
    /// `A` for the first one of a panel; set by [`Panel::target`](super::Panel::target).
    pub(super) ref_id: String,
    datasource: SourceRef,
    #[serde(flatten)]
    query: Text,
    /// Why there may be no data where the server runs and has been called.
    #[serde(skip)]
    may_be_empty: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Text {
    #[serde(rename_all = "camelCase")]
    Prometheus {
        editor_mode: &'static str,
        expr: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        legend_format: String,
        format: Format,
        range: bool,
        instant: bool,
        exemplar: bool,
    },
    #[serde(rename_all = "camelCase")]
    Loki {
        editor_mode: &'static str,
        expr: String,
        #[serde(skip_serializing_if = "String::is_empty")]
        legend_format: String,
        query_type: &'static str,
    },
    #[serde(rename_all = "camelCase")]
    Tempo {
        query_type: &'static str,
        query: String,
        table_type: &'static str,
        limit: u32,
        spss: u32,
    },
}

/// The form of what Prometheus answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::dashboard) enum Format {
    TimeSeries,
    Table,
    Heatmap,
}

impl Target {
    /// Over the dashboard's time range, each series named by `legend`.
    pub(in crate::dashboard) fn range(query: &Query, legend: impl Into<String>) -> Self {
        Self::prometheus(query, legend.into(), Format::TimeSeries, false)
    }

    /// At the end of the dashboard's time range.
    pub(in crate::dashboard) fn instant(query: &Query, format: Format) -> Self {
        Self::prometheus(query, String::new(), format, true)
    }

    /// Buckets over the dashboard's time range.
    pub(in crate::dashboard) fn buckets(query: &Query) -> Self {
        Self::prometheus(query, "{{le}}".to_owned(), Format::Heatmap, false).with_exemplars()
    }

    /// Log lines, or with an aggregation numbers of them.
    pub(in crate::dashboard) fn loki(query: String, legend: impl Into<String>) -> Self {
        Self::of_loki(query, legend.into(), "range")
    }

    /// Numbers of log lines at the end of the dashboard's time range.
    pub(in crate::dashboard) fn loki_instant(query: String) -> Self {
        Self::of_loki(query, String::new(), "instant")
    }

    /// Spans that a query in TraceQL finds, the latest 20 traces.
    pub(in crate::dashboard) fn spans(query: String) -> Self {
        Self::new(
            Source::Tempo,
            Text::Tempo {
                query_type: "traceql",
                query,
                table_type: "spans",
                limit: 20,
                spss: 3,
            },
        )
    }

    fn prometheus(query: &Query, legend_format: String, format: Format, instant: bool) -> Self {
        Self::new(
            Source::Prometheus,
            Text::Prometheus {
                editor_mode: "code",
                expr: query.text().to_owned(),
                legend_format,
                format,
                range: !instant,
                instant,
                exemplar: false,
            },
        )
    }

    fn of_loki(expr: String, legend_format: String, query_type: &'static str) -> Self {
        Self::new(
            Source::Loki,
            Text::Loki {
                editor_mode: "code",
                expr,
                legend_format,
                query_type,
            },
        )
    }

    fn new(source: Source, query: Text) -> Self {
        Self {
            ref_id: String::new(),
            datasource: source.reference(),
            query,
            may_be_empty: None,
        }
    }

    /// Names each series.
    pub(in crate::dashboard) fn legend(mut self, legend: impl Into<String>) -> Self {
        let (Text::Prometheus { legend_format, .. } | Text::Loki { legend_format, .. }) =
            &mut self.query
        else {
            return self;
        };
        *legend_format = legend.into();
        self
    }

    /// Shows the traces that are behind the numbers, where the metrics have them.
    pub(in crate::dashboard) fn with_exemplars(mut self) -> Self {
        if let Text::Prometheus { exemplar, .. } = &mut self.query {
            *exemplar = true;
        }
        self
    }

    /// Says why there may be no data where the server runs and has been called.
    pub(in crate::dashboard) fn empty_if(mut self, reason: &'static str) -> Self {
        self.may_be_empty = Some(reason);
        self
    }

    pub(in crate::dashboard) fn source(&self) -> &SourceRef {
        &self.datasource
    }

    /// The query, if it is in PromQL.
    pub(in crate::dashboard) fn promql(&self) -> Option<&str> {
        match &self.query {
            Text::Prometheus { expr, .. } => Some(expr),
            Text::Loki { .. } | Text::Tempo { .. } => None,
        }
    }

    pub(in crate::dashboard) fn may_be_empty(&self) -> Option<&'static str> {
        self.may_be_empty
    }
}
