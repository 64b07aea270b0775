use mcp_observe::LabelValue;

#[derive(LabelValue)]
enum Never {}

fn main() {}
