use mcp_observe::mcp_tool;

struct Weather;

#[mcp_tool(result(record))]
fn weather() -> Result<Weather, String> {
    Ok(Weather)
}

fn main() {}
