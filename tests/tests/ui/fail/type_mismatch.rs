//! The compiler's errors point at the user's expressions.
use mcp_observe::mcp_tool;

#[mcp_tool]
async fn tail() -> Text {
    1
}

#[mcp_tool]
async fn early(a: bool) -> Result<Text, Failure> {
    if a {
        return 1_u8;
    }
    Ok(Text)
}

#[mcp_tool]
async fn question() -> Result<Text, Failure> {
    Err(Other)?;
    Ok(Text)
}

struct Text;
struct Failure;
struct Other;

#[mcp_tool]
async fn semicolon() -> u8 {
    1;
}

#[mcp_tool]
fn sync_tail() -> Text {
    1
}

#[mcp_tool]
fn sync_early(a: bool) -> Result<Text, Failure> {
    if a {
        return 1_u8;
    }
    Ok(Text)
}

#[mcp_tool]
async fn unit() {
    1
}

fn main() {}
