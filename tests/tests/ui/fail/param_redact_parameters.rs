use mcp_observe::mcp_tool;
use rmcp::handler::server::wrapper::Parameters;

struct Place {
    city: String,
}

#[mcp_tool]
fn weather(#[redact] Parameters(_place): Parameters<Place>) {}

fn main() {}
