use mcp_observe::mcp_tool;

#[mcp_tool(result)]
fn a() -> u8 {
    1
}

#[mcp_tool(result(everything))]
fn b() -> u8 {
    1
}

#[mcp_tool(result(redact(keep_last = 100)))]
fn c() -> u8 {
    1
}

fn main() {}
