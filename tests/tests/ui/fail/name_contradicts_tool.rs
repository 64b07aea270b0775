use mcp_observe::mcp_tool;

struct Server;

#[rmcp::tool_router]
impl Server {
    #[mcp_tool(name = "weather")]
    #[rmcp::tool(name = "get_weather")]
    async fn named(&self) {}

    #[mcp_tool(name = "weather")]
    #[rmcp::tool]
    async fn unnamed(&self) {}

    #[mcp_tool(name = "same")]
    #[rmcp::tool(name = "same")]
    async fn agreeing(&self) {}
}

fn main() {}
