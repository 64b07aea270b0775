//! The server that the corpus tells of: an office's tools, each tagged as what it is.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::AUTHORIZATION;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::{Subject, Tags};
use mcp_observe::{Telemetry, mcp_tool};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};

/// The token of a caller who is let in and stays unknown.
pub(crate) const ANONYMOUS: &str = "anonymous";
/// A token that is not valid any more.
pub(crate) const EXPIRED: &str = "expired";
/// A valid token that does not allow what is asked for.
pub(crate) const FORBIDDEN: &str = "forbidden";

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Work {
    /// Whether it shall fail.
    fail: bool,
}

type Done = Result<String, String>;

impl Work {
    fn done(&self) -> Done {
        if self.fail {
            return Err("it is not to be had".to_owned());
        }
        Ok("done".to_owned())
    }
}

#[derive(Debug, Clone)]
struct Office {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Office {
    #[mcp_tool]
    #[tool]
    async fn search(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }

    #[mcp_tool]
    #[tool]
    async fn render(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }

    #[mcp_tool(tags(source))]
    #[tool]
    async fn read_inbox(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }

    #[mcp_tool(tags(sink))]
    #[tool]
    async fn send_mail(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }

    #[mcp_tool(tags(source, sink))]
    #[tool]
    async fn sync_contacts(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }

    #[mcp_tool(tags(sensitive))]
    #[tool]
    async fn read_payroll(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }

    /// Has no attribute: the builder of `Observed` tags it.
    #[tool]
    async fn publish_page(&self, Parameters(work): Parameters<Work>) -> Done {
        work.done()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Office {}

/// The server with what is around it: authentication, and outside of that what observes.
pub(crate) fn router(telemetry: &Telemetry) -> Router {
    let observing = telemetry.clone();
    let make = move || {
        let office = Office {
            tool_router: Office::tool_router(),
        };
        Ok(Observed::builder(office)
            .telemetry(&observing)
            .tag_tool("publish_page", Tags::SINK)
            .build())
    };
    let mcp = StreamableHttpService::new(
        make,
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default().with_sse_keep_alive(None),
    );
    Router::new()
        .nest_service("/mcp", mcp)
        .route_layer(from_fn(authenticate))
        .route_layer(ObserveLayer::new().telemetry(telemetry))
}

/// Lets in whoever names themselves.
async fn authenticate(mut request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION);
    let token = header.and_then(|it| it.to_str().ok()?.strip_prefix("Bearer "));
    match token {
        None | Some(EXPIRED) => return StatusCode::UNAUTHORIZED.into_response(),
        Some(FORBIDDEN) => return StatusCode::FORBIDDEN.into_response(),
        Some(ANONYMOUS) => {}
        Some(user) => Subject::new(user).insert_into(request.extensions_mut()),
    }
    next.run(request).await
}
