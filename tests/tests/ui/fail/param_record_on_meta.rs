use mcp_observe::mcp_tool;
use rmcp::RoleServer;
use rmcp::service::RequestContext;

#[mcp_tool]
fn weather(
    #[meta]
    #[record]
    _meta: &serde_json::Value,
) {
}

#[mcp_tool]
async fn forecast(#[redact] _context: RequestContext<RoleServer>) {}

fn main() {}
