//! What is different for some fields of a panel.

use serde::Serialize;

use super::field::{CellOptions, Color, Mapping, Thresholds};
use super::{DataLink, Threshold, Unit};

/// Properties of the fields that match.
#[derive(Debug, Clone, Serialize)]
pub(in crate::dashboard) struct Override {
    matcher: Matcher,
    properties: Vec<Property>,
}

#[derive(Debug, Clone, Serialize)]
struct Matcher {
    id: &'static str,
    options: String,
}

#[derive(Debug, Clone, Serialize)]
struct Property {
    id: &'static str,
    value: Value,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Value {
    Unit(Unit),
    Number(u16),
    Text(&'static str),
    Color(Color),
    Thresholds(Thresholds),
    Links(Vec<DataLink>),
    Cell(CellOptions),
    Mappings(Vec<Mapping>),
}

impl Override {
    /// The field of that name: a series' legend, a table's column.
    pub(in crate::dashboard) fn name(name: impl Into<String>) -> Self {
        Self {
            matcher: Matcher {
                id: "byName",
                options: name.into(),
            },
            properties: Vec::new(),
        }
    }

    /// The fields whose names match a regular expression, such as `/^5..$/`.
    pub(in crate::dashboard) fn pattern(pattern: impl Into<String>) -> Self {
        Self {
            matcher: Matcher {
                id: "byRegexp",
                options: pattern.into(),
            },
            properties: Vec::new(),
        }
    }

    pub(in crate::dashboard) fn color(self, color: &'static str) -> Self {
        self.property("color", Value::Color(Color::fixed(color)))
    }

    pub(in crate::dashboard) fn unit(self, unit: Unit) -> Self {
        self.property("unit", Value::Unit(unit))
    }

    pub(in crate::dashboard) fn decimals(self, decimals: u8) -> Self {
        self.property("decimals", Value::Number(decimals.into()))
    }

    pub(in crate::dashboard) fn display_name(self, name: &'static str) -> Self {
        self.property("displayName", Value::Text(name))
    }

    /// A table's column: its width in pixels.
    pub(in crate::dashboard) fn width(self, pixels: u16) -> Self {
        self.property("custom.width", Value::Number(pixels))
    }

    /// A table's column: its text has the colour of the threshold.
    pub(in crate::dashboard) fn colored_by(self, thresholds: Vec<Threshold>) -> Self {
        let cell = CellOptions {
            r#type: "color-text",
        };
        self.property("thresholds", Value::Thresholds(Thresholds::new(thresholds)))
            .property("custom.cellOptions", Value::Cell(cell))
    }

    /// A table's column: its text has the colour of its value.
    pub(in crate::dashboard) fn colored(self, colors: &[(&'static str, &'static str)]) -> Self {
        let values: Vec<_> = colors
            .iter()
            .map(|&(value, color)| (value, value, color))
            .collect();
        let cell = CellOptions {
            r#type: "color-text",
        };
        self.property("mappings", Value::Mappings(vec![Mapping::values(&values)]))
            .property("custom.cellOptions", Value::Cell(cell))
    }

    pub(in crate::dashboard) fn links(self, links: Vec<DataLink>) -> Self {
        self.property("links", Value::Links(links))
    }

    fn property(mut self, id: &'static str, value: Value) -> Self {
        self.properties.push(Property { id, value });
        self
    }
}
