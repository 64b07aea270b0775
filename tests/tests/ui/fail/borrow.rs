use mcp_observe::mcp_tool;

#[mcp_tool]
async fn moved(a: Text) -> Text {
    drop(a);
    a
}

#[mcp_tool]
fn not_mut_ref(a: &Text) {
    a.change();
}

#[mcp_tool]
async fn not_mut(a: Text) {
    a.change();
}

#[mcp_tool]
fn sync_not_mut(a: Text) {
    a.change();
}

#[mcp_tool]
fn dangling<'a>(a: Text) -> &'a Text {
    &a
}

struct Text;

impl Text {
    fn change(&mut self) {}
}

fn main() {}
