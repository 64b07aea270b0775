use mcp_observe::mcp_tool;

struct Place {
    country: Option<String>,
}

#[mcp_tool(labels(country = place.country))]
fn weather(place: Place) {}

fn main() {}
