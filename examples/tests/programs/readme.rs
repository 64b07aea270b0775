//! What the README says of the weather server's tools.

use mcp_observe::rmcp::Observed;
use mcp_observe_examples::weather::Weather;

const README: &str = include_str!("../../../README.md");

#[test]
fn its_table_of_tools_is_what_the_catalogue_lists() {
    let tools = Observed::new(Weather::default()).tools();
    assert_eq!(tools.len(), 4);
    for tool in tools {
        let labels: Vec<String> = tool
            .labels
            .iter()
            .map(|label| format!("`{}`: {}", label.name, label.values.len()))
            .collect();
        let labels = match labels.join(", ") {
            none if none.is_empty() => none,
            labels => format!("{labels} "),
        };
        let row = format!("| `{}` | {labels}| {} |", tool.name, tool.series);
        assert!(README.contains(&row), "{row}");
    }
}
