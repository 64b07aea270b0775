//! The dashboard as a whole.

use serde::Serialize;

use super::source::SourceRef;
use super::{Panel, Row, Source, Variable};
use crate::promql::Query;

/// The version of the JSON model that Grafana 12 and 13 write.
const SCHEMA_VERSION: u8 = 42;

/// A dashboard.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Dashboard {
    uid: String,
    title: String,
    description: String,
    tags: [&'static str; 2],
    schema_version: u8,
    editable: bool,
    /// One crosshair over all panels.
    graph_tooltip: u8,
    time: Time,
    timezone: &'static str,
    refresh: &'static str,
    annotations: Annotations,
    templating: Templating,
    panels: Vec<Element>,
}

#[derive(Debug, Clone, Serialize)]
struct Time {
    from: &'static str,
    to: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Annotations {
    list: Vec<Annotation>,
}

#[derive(Debug, Clone, Serialize)]
struct Templating {
    list: Vec<Variable>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Element {
    Panel(Box<Panel>),
    Row(Row),
}

/// Marks at points in time, in all panels.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Annotation {
    name: &'static str,
    datasource: SourceRef,
    enable: bool,
    hide: bool,
    icon_color: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    built_in: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<AnnotationTarget>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_format: Option<&'static str>,
    /// Why there may be no data where the server runs and has been called.
    #[serde(skip)]
    may_be_empty: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnnotationTarget {
    ref_id: &'static str,
    expr: String,
}

impl Dashboard {
    /// Without panels.
    pub(in crate::dashboard) fn new(uid: String, title: String, description: String) -> Self {
        Self {
            uid,
            title,
            description,
            tags: ["mcp", "mcp-observe"],
            schema_version: SCHEMA_VERSION,
            editable: true,
            graph_tooltip: 1,
            time: Time {
                from: "now-1h",
                to: "now",
            },
            timezone: "browser",
            refresh: "30s",
            annotations: Annotations {
                list: vec![Annotation::built_in()],
            },
            templating: Templating { list: Vec::new() },
            panels: Vec::new(),
        }
    }

    pub(in crate::dashboard) fn annotations(mut self, annotations: Vec<Annotation>) -> Self {
        self.annotations.list.extend(annotations);
        self
    }

    pub(in crate::dashboard) fn variables(mut self, variables: Vec<Variable>) -> Self {
        self.templating.list = variables;
        self
    }

    pub(in crate::dashboard) fn push_row(&mut self, row: Row) {
        self.panels.push(Element::Row(row));
    }

    pub(in crate::dashboard) fn push_panel(&mut self, panel: Panel) {
        self.panels.push(Element::Panel(Box::new(panel)));
    }
}

impl Annotation {
    /// Marked while the query has a result; `may_be_empty` says why it may have none.
    pub(in crate::dashboard) fn new(
        name: &'static str,
        color: &'static str,
        query: &Query,
        may_be_empty: &'static str,
    ) -> Self {
        Self {
            name,
            datasource: Source::Prometheus.reference(),
            enable: true,
            hide: false,
            icon_color: color,
            built_in: None,
            r#type: None,
            target: Some(AnnotationTarget {
                ref_id: "Anno",
                expr: query.text().to_owned(),
            }),
            title_format: None,
            text_format: None,
            may_be_empty,
        }
    }

    /// What a mark says; `{{label}}` is the value of a label.
    pub(in crate::dashboard) fn says(mut self, title: &'static str, text: &'static str) -> Self {
        self.title_format = Some(title);
        self.text_format = Some(text);
        self
    }

    pub(in crate::dashboard) fn name(&self) -> &'static str {
        self.name
    }

    /// The query, and why it may have no result.
    pub(in crate::dashboard) fn query(&self) -> Option<(&str, &'static str)> {
        let target = self.target.as_ref()?;
        Some((&target.expr, self.may_be_empty))
    }

    /// Those that people make in Grafana.
    fn built_in() -> Self {
        Self {
            name: "Annotations & Alerts",
            datasource: SourceRef::built_in(),
            enable: true,
            hide: true,
            icon_color: "rgba(0, 211, 255, 1)",
            built_in: Some(1),
            r#type: Some("dashboard"),
            target: None,
            title_format: None,
            text_format: None,
            may_be_empty: "",
        }
    }
}
