use mcp_observe::LabelValue;

#[derive(LabelValue)]
#[label(max = 3)]
struct Place {
    city: String,
    country: String,
}

fn main() {}
