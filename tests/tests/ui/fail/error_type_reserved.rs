use mcp_observe::ErrorType;

#[derive(ErrorType)]
enum Failure {
    Cancelled,
    #[error_type("panic")]
    Upstream,
}

fn main() {}
