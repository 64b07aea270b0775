use mcp_observe::mcp_tool;

struct Weather {
    fast: bool,
}

impl Weather {
    #[mcp_tool(labels(fast = self.fast))]
    fn weather(&self) {}
}

fn main() {}
