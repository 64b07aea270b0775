use mcp_observe::mcp_tool;

struct Server;

impl Server {
    #[mcp_tool]
    #[rmcp::tool(name = "get:weather")]
    async fn weather(&self) {}

    #[mcp_tool]
    #[rmcp::tool]
    async fn r#type(&self) {}
}

fn main() {}
