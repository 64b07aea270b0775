//! Where panels are, and that each says what it is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::panels::{elements, is_row, list, panels, text};
use crate::servers;

/// Left, top, width, height.
fn place(element: &Value) -> [u64; 4] {
    ["x", "y", "w", "h"].map(|side| {
        let place = &element["gridPos"][side];
        place.as_u64().unwrap_or_else(|| panic!("{element}"))
    })
}

fn assert_apart(elements: &[Value]) {
    for (index, one) in elements.iter().enumerate() {
        let [x, y, width, height] = place(one);
        assert!(width >= 1 && height >= 1 && x + width <= 24, "{one}");
        for other in &elements[index + 1..] {
            let [left, top, w, h] = place(other);
            let apart = x + width <= left || left + w <= x || y + height <= top || top + h <= y;
            assert!(apart, "{} and {}", one["title"], other["title"]);
        }
    }
}

#[test]
fn nothing_overlaps_and_nothing_is_outside() {
    for server in servers::all() {
        let elements = elements(&server.dashboard);
        assert_apart(elements);
        for row in elements.iter().filter(|it| is_row(it)) {
            let inner = list(&row["panels"]);
            assert_eq!(row["collapsed"] == true, !inner.is_empty(), "{row}");
            assert_apart(inner);
            for panel in inner {
                assert!(place(panel)[1] > place(row)[1], "{panel}");
            }
        }
    }
}

#[test]
fn rows_have_no_holes_at_their_right() {
    for server in servers::all() {
        for element in elements(&server.dashboard) {
            let group = list(&element["panels"]);
            let open = elements(&server.dashboard);
            let group = if is_row(element) { group } else { open };
            let tops: BTreeSet<_> = group.iter().map(|it| place(it)[1]).collect();
            for top in tops {
                let line = group.iter().filter(|it| place(it)[1] == top);
                let right = line.map(|it| place(it)[0] + place(it)[2]).max();
                assert_eq!(right, Some(24), "line {top} of {}", element["title"]);
            }
        }
    }
}

/// 1080 pixels less what is above the panels; a unit of the grid is 30 of them, and 8 between.
#[test]
fn the_overview_is_seen_without_scrolling() {
    for server in servers::all() {
        let rows: Vec<_> = elements(&server.dashboard)
            .iter()
            .filter(|it| is_row(it))
            .collect();
        assert_eq!(rows[0]["title"], "Overview");
        assert_eq!(rows[0]["collapsed"], false);
        assert!(place(rows[1])[1] * 38 <= 1080 - 200, "{}", server.name);
    }
}

#[test]
fn ids_and_titles_are_unique() {
    for server in servers::all() {
        let mut ids = BTreeSet::new();
        let rows = elements(&server.dashboard).iter().filter(|it| is_row(it));
        let panels = panels(&server.dashboard);
        for element in rows.chain(panels.iter().copied()) {
            let id = element["id"].as_u64().expect("a number");
            assert!(id > 0 && ids.insert(id), "{element}");
        }
        let titles: BTreeSet<_> = panels.iter().map(|it| text(&it["title"])).collect();
        assert_eq!(titles.len(), panels.len());
    }
}

#[test]
fn every_panel_says_what_it_is() {
    for server in servers::all() {
        for panel in panels(&server.dashboard) {
            let title = text(&panel["title"]);
            let description = text(&panel["description"]);
            assert!(!title.is_empty());
            assert!(description.ends_with('.'), "{title}: {description}");
            let defaults = &panel["fieldConfig"]["defaults"];
            assert!(defaults["unit"].is_string(), "{title} has no unit");
            assert!(
                defaults["noValue"].is_string(),
                "{title} says nothing if there is nothing"
            );
        }
    }
}

#[test]
fn every_panel_asks_one_data_source() {
    for server in servers::all() {
        for panel in panels(&server.dashboard) {
            let targets = list(&panel["targets"]);
            assert!(!targets.is_empty(), "{panel}");
            let references: BTreeSet<_> = targets.iter().map(|it| text(&it["refId"])).collect();
            assert_eq!(references.len(), targets.len(), "{panel}");
            for target in targets {
                assert_eq!(target["datasource"], panel["datasource"]);
            }
        }
    }
}

#[test]
fn the_dashboard_has_a_name_of_its_own_for_each_server() {
    let uids: BTreeSet<_> = servers::all()
        .iter()
        .map(|server| text(&server.dashboard["uid"]))
        .collect();
    assert_eq!(uids.len(), servers::all().len());
    for uid in uids {
        assert!((8..=40).contains(&uid.len()), "{uid}");
        let plain = |it: char| it.is_ascii_alphanumeric() || "-_".contains(it);
        assert!(uid.chars().all(plain), "{uid}");
    }
}

#[test]
fn rows_are_there_where_there_is_something_in_them() {
    let titles = |name| -> Vec<&str> {
        let elements = elements(&servers::named(name).dashboard).iter();
        let rows = elements.filter(|it| is_row(it));
        rows.map(|it| text(&it["title"])).collect()
    };
    let always = [
        "Messages, clients and transports",
        "Security",
        "Health of the telemetry",
        "Logs and traces",
    ];
    assert_eq!(titles("one")[..2], ["Overview", "Tools"]);
    assert_eq!(titles("one")[2..], always);
    let more = ["Tools by their labels", "Tokens and cost"];
    assert_eq!(titles("spending")[2..4], more);
    assert_eq!(titles("spending")[4..], always);
}
