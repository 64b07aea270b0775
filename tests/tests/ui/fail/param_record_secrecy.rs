use mcp_observe::mcp_tool;

struct SecretString(String);

#[mcp_tool]
fn weather(#[record] _key: Option<SecretString>) {}

#[mcp_tool(record_all)]
fn forecast(_key: &SecretString) {}

fn main() {}
