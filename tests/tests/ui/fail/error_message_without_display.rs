use mcp_observe::mcp_tool;

struct Failure;

#[mcp_tool(error_message = true)]
fn weather() -> Result<(), Failure> {
    Err(Failure)
}

fn main() {}
