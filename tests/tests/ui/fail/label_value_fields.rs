use mcp_observe::LabelValue;

#[derive(LabelValue)]
enum Unit {
    Celsius,
    Other(String),
}

fn main() {}
