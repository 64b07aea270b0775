use mcp_observe::mcp_tool;

struct Server;

impl Server {
    #[mcp_tool]
    fn add(#[meta] &self) {}
}

fn main() {}
