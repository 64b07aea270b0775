use mcp_observe::{LabelValue, mcp_tool};

#[derive(LabelValue)]
enum Unit {
    Celsius,
    Fahrenheit,
    Kelvin,
}

#[derive(LabelValue)]
#[label(max = 10)]
struct Team(String);

#[mcp_tool(labels(unit, team))]
fn weather(unit: Unit, team: Team) {}

fn main() {}
