use mcp_observe::mcp_tool;
use rmcp::handler::server::wrapper::Parameters;

struct Place {
    city: String,
}

#[mcp_tool]
fn weather(#[record] _place: Place) {}

#[mcp_tool]
fn forecast(#[record] Parameters(_place): Parameters<Place>) {}

fn main() {}
