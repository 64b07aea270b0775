//! Links into Grafana's Explore: from a number to the traces and log lines behind it.

use std::fmt::Write as _;

use serde::Serialize;

use super::grafana::{DataLink, Source};
use super::{lines, spans};

/// The tool of a series, in a link.
pub(super) const SERIES_TOOL: &str = "${__field.labels.tool_name}";
/// The tool of a table's row, in a link.
pub(super) const ROW_TOOL: &str = "${__data.fields.Tool}";

#[derive(Debug, Serialize)]
struct Panes {
    main: Pane,
}

#[derive(Debug, Serialize)]
struct Pane {
    datasource: String,
    queries: [PaneQuery; 1],
    range: Range,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PaneQuery {
    ref_id: &'static str,
    datasource: super::grafana::SourceRef,
    query_type: &'static str,
    #[serde(flatten)]
    text: Text,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Text {
    Loki {
        expr: String,
    },
    #[serde(rename_all = "camelCase")]
    Tempo {
        query: String,
        limit: u32,
        table_type: &'static str,
    },
}

#[derive(Debug, Serialize)]
struct Range {
    from: &'static str,
    to: &'static str,
}

/// To a tool's traces and security events; `tool` is [`SERIES_TOOL`] or [`ROW_TOOL`].
pub(super) fn links_of_tool(tool: &str) -> Vec<DataLink> {
    vec![
        traces("Traces of these calls", spans::of_tool(tool)),
        logs("Security events of these calls", lines::of_tool(tool)),
    ]
}

/// To the traces of a tool's failed calls, and their security events.
pub(super) fn links_of_failures(tool: &str) -> Vec<DataLink> {
    vec![
        traces("Traces of failed calls", spans::failed_of_tool(tool)),
        logs(
            "Security events of failed calls",
            lines::failed_of_tool(tool),
        ),
    ]
}

fn traces(title: &'static str, query: String) -> DataLink {
    let text = Text::Tempo {
        query,
        limit: 20,
        table_type: "spans",
    };
    link(title, Source::Tempo, "traceql", text)
}

fn logs(title: &'static str, expr: String) -> DataLink {
    link(title, Source::Loki, "range", Text::Loki { expr })
}

fn link(title: &'static str, source: Source, query_type: &'static str, text: Text) -> DataLink {
    let panes = Panes {
        main: Pane {
            datasource: format!("${{{}}}", source.id()),
            queries: [PaneQuery {
                ref_id: "A",
                datasource: source.reference(),
                query_type,
                text,
            }],
            range: Range {
                from: "${__from}",
                to: "${__to}",
            },
        },
    };
    let panes = serde_json::to_string(&panes).expect("texts");
    DataLink {
        title,
        url: format!("/explore?schemaVersion=1&panes={}", encoded(&panes)),
        target_blank: true,
    }
}

/// Percent-encoded but for variables, whose values Grafana encodes when it puts them in.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let end = start + rest[start..].find('}').expect("the end of a variable") + 1;
        percent_encode(&rest[..start], &mut encoded);
        encoded.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    percent_encode(rest, &mut encoded);
    encoded
}

fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            into.push(byte.into());
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn all_but_variables_is_encoded() {
        assert_eq!(
            encoded(r#"{"a":"${job}"} é"#),
            "%7B%22a%22%3A%22${job}%22%7D%20%C3%A9"
        );
    }
}
