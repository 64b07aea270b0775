use mcp_observe::ErrorType;

#[derive(ErrorType)]
#[error_type("failure")]
enum Failure {
    NotFound,
}

fn main() {}
