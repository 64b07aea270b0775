//! Variables at the top of the dashboard.

use serde::Serialize;

use super::Source;
use super::source::SourceRef;

/// A variable.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dashboard) struct Variable {
    name: &'static str,
    r#type: &'static str,
    label: &'static str,
    description: &'static str,
    hide: Hide,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<SourceRef>,
    query: Query,
    current: Chosen,
    options: Vec<Chosen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    include_all: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_value: Option<&'static str>,
}

/// Where it is shown.
#[derive(Debug, Clone, Copy)]
enum Hide {
    /// Above the panels.
    No = 0,
    /// In the menu of the dashboard's controls.
    InMenu = 3,
}

impl Serialize for Hide {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Query {
    Text(String),
    #[serde(rename_all = "camelCase")]
    LabelValues {
        query: String,
        ref_id: &'static str,
        qry_type: u8,
    },
}

#[derive(Debug, Clone, Serialize)]
struct Chosen {
    text: Texts,
    value: Texts,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many([&'static str; 1]),
}

/// Reads the values anew when the time range changes.
const ON_TIME_RANGE_CHANGED: u8 = 2;
/// In the order of the alphabet.
const ALPHABETICAL: u8 = 1;

impl Variable {
    /// Which data source it is; at first the one with this uid.
    pub(in crate::dashboard) fn source(source: Source, label: &'static str) -> Self {
        let uid = source.id();
        Self::new(
            source.id(),
            "datasource",
            label,
            uid.to_owned(),
            uid.to_owned(),
        )
        .describe("Where queries of that kind go.")
        .in_menu()
    }

    /// One of the values that a label has in Prometheus.
    pub(in crate::dashboard) fn label_value(
        name: &'static str,
        label: &'static str,
        selector: &str,
        at_first: &str,
    ) -> Self {
        let mut variable = Self::new(name, "query", label, String::new(), at_first.to_owned());
        variable.datasource = Some(Source::Prometheus.reference());
        variable.query = Query::LabelValues {
            query: format!("label_values({selector}, {name})"),
            ref_id: "PrometheusVariableQueryEditor-VariableQuery",
            // `label_values` in Grafana's editor.
            qry_type: 1,
        };
        variable.refresh = Some(ON_TIME_RANGE_CHANGED);
        variable.sort = Some(ALPHABETICAL);
        variable.multi = Some(false);
        variable.include_all = Some(false);
        variable
    }

    /// Any number of them; at first all.
    pub(in crate::dashboard) fn any_number(mut self) -> Self {
        self.multi = Some(true);
        self.include_all = Some(true);
        self.all_value = Some(".+");
        self.current = Chosen {
            text: Texts::Many(["All"]),
            value: Texts::Many(["$__all"]),
        };
        self
    }

    /// What the reader writes.
    pub(in crate::dashboard) fn text(
        name: &'static str,
        label: &'static str,
        at_first: &str,
    ) -> Self {
        let mut variable = Self::new(
            name,
            "textbox",
            label,
            at_first.to_owned(),
            at_first.to_owned(),
        );
        variable.options = vec![variable.current.clone()];
        variable
    }

    pub(in crate::dashboard) fn describe(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Shown in the menu of the dashboard's controls.
    pub(in crate::dashboard) fn in_menu(mut self) -> Self {
        self.hide = Hide::InMenu;
        self
    }

    fn new(
        name: &'static str,
        r#type: &'static str,
        label: &'static str,
        query: String,
        at_first: String,
    ) -> Self {
        Self {
            name,
            r#type,
            label,
            description: "",
            hide: Hide::No,
            datasource: None,
            query: Query::Text(query),
            current: Chosen {
                text: Texts::One(at_first.clone()),
                value: Texts::One(at_first),
            },
            options: Vec::new(),
            refresh: None,
            sort: None,
            multi: None,
            include_all: None,
            all_value: None,
        }
    }
}
