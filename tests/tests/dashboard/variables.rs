//! Variables: all that are used are defined, all that are defined are used.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use crate::panels::{list, text, texts};
use crate::servers;

/// Grafana's own.
const BUILT_IN: [&str; 5] = ["__rate_interval", "__range", "__auto", "__from", "__to"];

fn defined(dashboard: &Value) -> Vec<&Value> {
    list(&dashboard["templating"]["list"]).iter().collect()
}

/// A variable; `$1` is what a regular expression of PromQL found, and none.
pub(crate) static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$(?:\{([^}:]+)(?::[a-z]+)?\}|([A-Za-z_]\w*))").expect("a regex")
});

/// The name of a variable that was found.
pub(crate) fn name<'a>(found: &Captures<'a>) -> &'a str {
    let name = found.get(1).or(found.get(2));
    name.expect("one of both").as_str()
}

/// The names of the variables in a text.
fn used(text: &str) -> BTreeSet<String> {
    let found = VARIABLE.captures_iter(text);
    found.map(|it| name(&it).to_owned()).collect()
}

fn is_of_a_link(name: &str) -> bool {
    name.starts_with("__field.labels.") || name.starts_with("__data.fields.")
}

#[test]
fn what_is_used_is_defined_and_what_is_defined_is_used() {
    for server in servers::all() {
        let names: BTreeSet<_> = defined(&server.dashboard)
            .iter()
            .map(|it| text(&it["name"]).to_owned())
            .collect();
        assert_eq!(names.len(), defined(&server.dashboard).len(), "twice");

        let used: BTreeSet<_> = ["panels", "templating", "annotations"]
            .iter()
            .flat_map(|part| texts(&server.dashboard[part]))
            // The value of a variable that stands for all of its values.
            .filter(|text| *text != "$__all")
            .flat_map(used)
            .filter(|name| !BUILT_IN.contains(&name.as_str()) && !is_of_a_link(name))
            .collect();
        assert_eq!(used, names, "{}", server.name);
    }
}

#[test]
fn the_server_is_chosen_at_first_and_all_of_its_tools() {
    for server in servers::all() {
        let named = |name| {
            let variables = defined(&server.dashboard);
            let found = variables.into_iter().find(|it| it["name"] == name);
            found.unwrap_or_else(|| panic!("there is no {name}"))
        };
        assert_eq!(named("job")["current"]["value"], server.name);
        assert_eq!(named("job")["multi"], false);
        assert_eq!(named("tool_name")["current"]["value"][0], "$__all");
        assert_eq!(named("tool_name")["allValue"], ".+");
        for source in ["prometheus", "loki", "tempo"] {
            assert_eq!(named(source)["type"], "datasource");
            assert_eq!(named(source)["query"], source);
            assert_eq!(named(source)["current"]["value"], source);
        }
    }
}

#[test]
fn prices_can_be_set_where_tokens_are_used() {
    let prices = |name| {
        let variables = defined(&servers::named(name).dashboard).into_iter();
        let names = variables.map(|it| text(&it["name"]));
        names.filter(|it| it.starts_with("price_")).count()
    };
    assert_eq!(prices("one"), 0);
    assert_eq!(prices("spending"), 5);
}
