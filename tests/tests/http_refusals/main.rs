//! Messages that never reach a handler, because the HTTP transport or what is in front of it refuses
//! them: each is one operation, and no other message becomes two.

mod cases;
mod context;
mod cost;
mod counts;
mod flood;
mod guards;
mod hostile;
mod streaming;
mod table;
mod unobserved;
mod wire;

use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use rmcp::transport::StreamableHttpServerConfig;

const DURATION: &str = "mcp_server_operation_duration_seconds_count";
const LEGACY: &str = "2025-11-25";

/// How the server is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With sessions for clients up to 2025-11-25.
    Sessions,
    /// Without.
    Stateless,
    /// Without, and its answers are JSON where they can be.
    Json,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Sessions, Self::Stateless, Self::Json];

    fn config(self) -> StreamableHttpServerConfig {
        let mut config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(self == Self::Sessions)
            .with_json_response(self == Self::Json);
        config.max_request_body_bytes = 1_000;
        config.allowed_origins = vec!["http://localhost:*".to_owned()];
        config
    }
}

/// An observed server inside the layer.
async fn serve(kind: Kind, capture: &Capture) -> Web {
    let telemetry = capture.telemetry.clone();
    let layer = ObserveLayer::new().telemetry(&telemetry);
    let make = move || {
        Observed::builder(Everything::default())
            .telemetry(&telemetry)
            .build()
    };
    Web::serve_as(make, kind.config(), |router| router.route_layer(layer)).await
}
