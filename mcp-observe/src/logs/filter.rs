//! What is recorded at all.

use tracing_subscriber::EnvFilter;

use super::LogsError;
use crate::setup::environment;

/// rmcp prints whole messages at `debug` and `trace`. At `warn` it quotes what the caller sent: in
/// `rmcp::service` in the errors that handlers answer with, and over HTTP the headers that it refuses.
const RMCP_CAP: &str =
    "rmcp=warn,rmcp::service=error,rmcp::transport::streamable_http_server::tower=error";

/// What exporters are made of. Their events must not become logs to export: that would never end.
#[cfg(feature = "otlp")]
const EXPORTERS: &str =
    "hyper=off,hyper_util=off,h2=off,reqwest=off,rustls=off,tonic=off,tower=off,opentelemetry=off";

/// The directives in force, capped.
pub(super) fn directives(of_code: Option<String>) -> String {
    let directives = environment::value("RUST_LOG")
        .or(of_code)
        .unwrap_or_else(|| "info".to_owned());
    if names_rmcp(&directives) {
        directives
    } else {
        format!("{directives},{RMCP_CAP}")
    }
}

pub(super) fn parse(directives: &str) -> Result<EnvFilter, LogsError> {
    EnvFilter::builder()
        .parse(directives)
        .map_err(|error| LogsError::Directives {
            directives: directives.to_owned(),
            reason: error.to_string(),
        })
}

#[cfg(feature = "otlp")]
pub(super) fn without_exporters(directives: &str) -> String {
    format!("{directives},{EXPORTERS}")
}

/// Whether a directive is for rmcp, which is how the cap is told otherwise.
fn names_rmcp(directives: &str) -> bool {
    directives.split(',').any(|directive| {
        let target = directive
            .split(['=', '['])
            .next()
            .unwrap_or_default()
            .trim();
        target == "rmcp" || target.starts_with("rmcp::")
    })
}
