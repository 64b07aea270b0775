use mcp_observe::LabelValue;

#[derive(LabelValue)]
struct Team(String);

fn main() {}
