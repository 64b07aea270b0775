use mcp_observe::LabelValue;

#[derive(LabelValue)]
#[label(max = 3)]
enum Unit {
    Celsius,
}

fn main() {}
