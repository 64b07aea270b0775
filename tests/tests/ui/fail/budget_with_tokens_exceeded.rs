use mcp_observe::{LabelValue, mcp_tool};

#[derive(LabelValue)]
enum Team {
    Search,
    Support,
}

// 304 without `tokens`.
#[mcp_tool(tokens, labels(team), budget = 304)]
fn weather(team: Team) {}

fn main() {}
