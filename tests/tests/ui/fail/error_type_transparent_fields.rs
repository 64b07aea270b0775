use mcp_observe::ErrorType;

#[derive(ErrorType)]
enum Failure {
    #[error_type(transparent)]
    Io(std::io::Error, u32),
}

fn main() {}
