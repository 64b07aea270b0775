use mcp_observe::LabelValue;

#[derive(LabelValue)]
#[label(max = 100_000)]
struct Team(String);

fn main() {}
