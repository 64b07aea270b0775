//! Links lead to Explore, with queries of the series or row that they are on.

use regex::Regex;
use serde_json::Value;

use crate::panels::{list, panel, panels, text};
use crate::servers;

/// A link, and the panel that it is on.
pub(crate) struct Link<'a> {
    panel: &'a Value,
    url: &'a str,
}

impl Link<'_> {
    /// What Explore shows.
    fn pane(&self) -> Value {
        let panes = self.url.strip_prefix("/explore?schemaVersion=1&panes=");
        let panes = panes.unwrap_or_else(|| panic!("{} does not lead to Explore", self.url));
        let panes: Value = serde_json::from_str(&decoded(panes)).expect("JSON");
        panes["main"].clone()
    }

    /// What it asks.
    pub(crate) fn queries(&self) -> Vec<Value> {
        list(&self.pane()["queries"]).to_vec()
    }
}

/// All links of a dashboard's panels.
pub(crate) fn all(dashboard: &Value) -> Vec<Link<'_>> {
    let mut links = vec![];
    for panel in panels(dashboard) {
        let config = &panel["fieldConfig"];
        let properties = list(&config["overrides"])
            .iter()
            .flat_map(|it| list(&it["properties"]))
            .filter(|it| it["id"] == "links")
            .map(|it| &it["value"]);
        let lists = properties.chain([&config["defaults"]["links"]]);
        links.extend(lists.flat_map(list).map(|link| Link {
            panel,
            url: text(&link["url"]),
        }));
    }
    links
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits: Vec<_> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8(digits).expect("digits");
                u8::from_str_radix(&digits, 16).expect("two digits")
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).expect("a text")
}

#[test]
fn links_lead_to_explore() {
    for server in servers::all() {
        let links = all(&server.dashboard);
        assert!(links.len() > 8, "{}", links.len());
        for link in &links {
            let pane = link.pane();
            let queries = link.queries();
            assert_eq!(queries.len(), 1);
            assert_eq!(pane["datasource"], queries[0]["datasource"]["uid"]);
            let kind = text(&queries[0]["datasource"]["type"]);
            assert_eq!(text(&pane["datasource"]), format!("${{{kind}}}"));
            assert_eq!(pane["range"]["from"], "${__from}");
            assert_eq!(pane["range"]["to"], "${__to}");
            let asked = queries[0].to_string();
            assert!(asked.contains("${job}"), "{asked}");
        }
    }
}

/// A label that the series do not have, or a column that the table does not, would be an empty text.
#[test]
fn links_name_the_tool_of_what_they_are_on() {
    let label = Regex::new(r"\$\{__field\.labels\.(\w+)\}").expect("a regex");
    let by = Regex::new(r"by \(([^)]*)\)").expect("a regex");
    let column = Regex::new(r"\$\{__data\.fields\.(\w+)\}").expect("a regex");
    for server in servers::all() {
        for link in all(&server.dashboard) {
            let of = &link.panel["title"];
            if let Some(found) = label.captures(link.url) {
                for target in list(&link.panel["targets"]) {
                    let mut groups = by.captures_iter(text(&target["expr"]));
                    let is_grouped = groups.any(|by| by[1].split(", ").any(|it| it == &found[1]));
                    assert!(is_grouped, "{of}: {}", &found[1]);
                }
                assert_eq!(link.panel["type"], "timeseries", "{of}");
            } else {
                let found = column.captures(link.url);
                let found = found.unwrap_or_else(|| panic!("{of} links to no tool"));
                let titles = &link.panel["transformations"][1]["options"]["renameByName"];
                assert_eq!(titles["tool_name"], found[1], "{of}");
            }
        }
    }
}

#[test]
fn tools_lead_to_their_traces_and_events() {
    let dashboard = &servers::named("one").dashboard;
    for title in [
        "Tools",
        "Calls by tool",
        "p95 by tool",
        "Errors by tool and class",
    ] {
        let of_panel = panel(dashboard, title)["id"].clone();
        let kinds: Vec<_> = all(dashboard)
            .iter()
            .filter(|it| it.panel["id"] == of_panel)
            .map(|it| it.pane()["datasource"].clone())
            .collect();
        assert!(kinds.contains(&"${tempo}".into()), "{title}");
        assert!(kinds.contains(&"${loki}".into()), "{title}");
    }
}
