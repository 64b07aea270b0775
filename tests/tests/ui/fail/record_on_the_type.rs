use mcp_observe::Record;

#[derive(Record)]
#[record]
struct A {
    #[record]
    a: u8,
}

#[derive(Record)]
#[record(serde)]
struct B {
    #[record]
    b: u8,
}

#[derive(Record)]
#[redact]
struct C {
    #[record]
    c: u8,
}

#[derive(Record)]
#[record(all, all, crate = mcp_observe, crate = mcp_observe)]
struct D {
    d: u8,
}

#[derive(Record)]
#[record(crate = "mcp_observe")]
struct E {
    #[record]
    e: u8,
}

#[derive(Record)]
#[record(crate)]
struct F {
    #[record]
    f: u8,
}

fn main() {}
