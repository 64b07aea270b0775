use mcp_observe::ErrorType;

#[derive(ErrorType)]
enum Failure {
    #[error_type]
    NotFound,
    #[error_type(name = "x")]
    Busy,
    #[error_type("a")]
    #[error_type("b")]
    Twice,
}

fn main() {}
