use mcp_observe::LabelValue;

#[derive(LabelValue)]
#[label(max = 3)]
struct Days(u32);

fn main() {}
