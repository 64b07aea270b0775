use mcp_observe::mcp_tool;

#[mcp_tool(record_all)]
fn weather(_city: &str, api_key: &str, #[redact] _password: &str) {}

fn main() {}
