use mcp_observe::LabelValue;

#[derive(LabelValue)]
#[label(rename_all = "lowercase")]
enum Unit {
    Celsius,
    CELSIUS,
    #[label(rename = "celsius")]
    Kelvin,
}

fn main() {}
