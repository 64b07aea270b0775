use mcp_observe::mcp_tool;

struct Server;

#[rmcp::tool_router]
impl Server {
    /// Asynchronous.
    #[rmcp::tool]
    #[mcp_tool]
    async fn asynchronous(&self) -> String {
        String::new()
    }

    /// Synchronous.
    #[rmcp::tool(name = "sync")]
    #[mcp_tool]
    fn synchronous(&self) -> String {
        String::new()
    }
}

struct Generic<T>(T);

#[rmcp::tool_router]
impl<T: Send + Sync + 'static> Generic<T> {
    #[rmcp::tool]
    #[mcp_tool]
    async fn generic(&self) -> String {
        String::new()
    }
}

fn main() {}
