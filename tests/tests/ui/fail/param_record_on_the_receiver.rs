use mcp_observe::mcp_tool;

struct Server;

impl Server {
    #[mcp_tool]
    fn weather(#[record] &self) {}
}

fn main() {}
