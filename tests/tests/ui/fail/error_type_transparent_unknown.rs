use mcp_observe::ErrorType;

struct Opaque;

#[derive(ErrorType)]
enum Failure {
    #[error_type(transparent)]
    Opaque(Opaque),
}

fn main() {}
