use mcp_observe::mcp_tool;

#[mcp_tool]
fn add(#[cfg(all())] #[meta] _a: &Meta) {}

type Meta = std::collections::BTreeMap<String, String>;

fn main() {}
