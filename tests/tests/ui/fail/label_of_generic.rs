use mcp_observe::{LabelValue, mcp_tool};

#[mcp_tool(labels(unit))]
fn weather<U: LabelValue>(unit: U) {}

#[mcp_tool(labels(unit: U = unit))]
fn forecast<U: LabelValue>(unit: U) {}

fn main() {}
