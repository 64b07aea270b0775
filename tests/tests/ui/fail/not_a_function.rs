use mcp_observe::mcp_tool;

#[mcp_tool]
struct Weather;

#[mcp_tool]
impl Weather {}

#[mcp_tool(name = "weather")]
const WEATHER: u8 = 1;

fn main() {}
