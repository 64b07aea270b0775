use mcp_observe::mcp_tool;

#[mcp_tool]
fn add(#[meta] _a: &Meta, #[meta] _: &Meta) {}

type Meta = std::collections::BTreeMap<String, String>;

fn main() {}
