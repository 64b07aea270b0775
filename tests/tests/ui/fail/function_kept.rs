//! Next to an error of ours stands the function, so that there is no other error.
use mcp_observe::mcp_tool;

struct Server;

#[rmcp::tool_router]
impl Server {
    /// Found by rmcp, called below.
    #[mcp_tool(unknown)]
    #[rmcp::tool]
    async fn weather(&self) -> String {
        String::new()
    }
}

#[mcp_tool(unknown)]
fn add(a: u8, #[meta] b: u8) -> u8 {
    a + b
}

fn uses() -> u8 {
    drop(Server.weather());
    add(1, 2)
}

fn main() {}
