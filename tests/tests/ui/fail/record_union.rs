use mcp_observe::Record;

#[derive(Record)]
union Bits {
    #[record]
    float: f32,
    int: u32,
}

fn main() {}
