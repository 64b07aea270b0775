use mcp_observe::mcp_tool;

#[mcp_tool(tags(source, sensitive, source))]
fn read_payroll() {}

fn main() {}
