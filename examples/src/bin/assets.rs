//! Makes the files of `deploy/` for the demo's server: `cargo run --bin assets -- deploy`.
//!
//! That of a server of your own is shorter: `mcp_observe_assets::command("my-server")`, in a program that
//! links its tools.

use std::process::ExitCode;

use mcp_observe_assets::Assets;
// Links the server's tools.
use mcp_observe_examples as _;

fn main() -> ExitCode {
    Assets::builder("weather-demo")
        .compose_service("demo", include_str!("assets/demo.yaml"))
        .command()
}
