use mcp_observe::ErrorType;

#[derive(ErrorType)]
enum Failure {
    #[error_type("Not Found")]
    NotFound,
}

fn main() {}
