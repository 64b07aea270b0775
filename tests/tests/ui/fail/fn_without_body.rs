use mcp_observe::mcp_tool;

trait Tools {
    #[mcp_tool]
    fn weather(&self);
}

fn main() {}
