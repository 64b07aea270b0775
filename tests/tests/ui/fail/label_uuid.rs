use mcp_observe::mcp_tool;
use rmcp::handler::server::wrapper::Parameters;

struct Uuid(u128);

struct Order {
    order: Uuid,
}

#[mcp_tool(labels(order = order.order))]
fn cancel(Parameters(order): Parameters<Order>) {}

fn main() {}
