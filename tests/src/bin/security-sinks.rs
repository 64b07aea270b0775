//! A server with a security log, whose stdout, stderr and exports are looked at from outside.
//!
//! `security-sinks TRANSPORT SINK`: `stdio` serves until stdin ends; `http` serves itself and makes some
//! calls, `alone` calls a function with the attribute, without any server, and `burst` does so 200 times. Warnings
//! go to stderr.

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use mcp_observe::http::ObserveLayer;
use mcp_observe::logs::Logs;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::SecurityLog;
use mcp_observe::{Telemetry, mcp_tool};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::session::VERSION;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use rmcp::ServiceExt as _;
use serde_json::json;

#[mcp_tool]
fn called_alone() {}

/// Always full.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [transport, sink] = arguments.as_slice() else {
        return Err("security-sinks TRANSPORT SINK".into());
    };
    let log = SecurityLog::builder();
    let log = match sink.as_str() {
        "none" => log,
        "stdout" => log.stdout(),
        "stderr" => log.stderr(),
        "full" => log.writer(Full),
        "otlp" => log.otlp(),
        other => return Err(format!("there is no sink {other}").into()),
    };
    let telemetry = Telemetry::builder().security_log(log).install()?;
    Logs::text()
        .directives("warn")
        .init(&telemetry)
        .expect("there is no other subscriber");
    tokio::runtime::Runtime::new()?.block_on(async {
        match transport.as_str() {
            "stdio" => stdio().await,
            "http" => http(&telemetry).await,
            "alone" => called_alone(),
            "burst" => (0..200).for_each(|_| called_alone()),
            other => panic!("there is no transport {other}"),
        }
    });
    if let Err(error) = telemetry.shutdown(Duration::from_secs(30)) {
        eprintln!("shutdown: {error}");
    }
    Ok(())
}

async fn stdio() {
    let server = Observed::new(Everything::default());
    let running = server
        .serve(rmcp::transport::stdio())
        .await
        .expect("a session begins");
    let _ = running.waiting().await;
}

/// Calls a tool, one that fails, and one that is not there; flushed after each, so that the sink is
/// written to more than once.
async fn http(telemetry: &Telemetry) {
    let make = || Observed::new(Everything::default());
    let web = Web::serve(make, true, |router| router.layer(ObserveLayer::new())).await;
    let session = web.initialize(VERSION).await.expect("a session");
    for (id, tool) in ["echo", "fail", "not there"].into_iter().enumerate() {
        let call = request(id + 1, "tools/call", &json!({ "name": tool }));
        web.post(
            &[
                ("mcp-session-id", &session),
                ("mcp-protocol-version", VERSION),
            ],
            &call,
        )
        .await;
        let telemetry = telemetry.clone();
        let flush = move || telemetry.flush(Duration::from_secs(30));
        if let Err(error) = tokio::task::spawn_blocking(flush).await.expect("it ends") {
            eprintln!("flush: {error}");
        }
    }
}
