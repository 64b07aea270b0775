use mcp_observe::LabelValue;

#[derive(LabelValue)]
#[label(rename_all = "snakecase", limit = 3)]
enum Unit {
    #[label(name = "c")]
    Celsius,
}

fn main() {}
