use mcp_observe::mcp_tool;

struct Server;

impl Server {
    #[mcp_tool(record_all)]
    fn weather(&self) {}
}

fn main() {}
