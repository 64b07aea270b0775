//! Who a message is from: by what the server knows, and by nothing that its caller says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::Method;
use mcp_observe::security::{SecurityLogBuilder, Subject};
use mcp_observe_tests::security::{Event, Lines};
use mcp_observe_tests::wire::{eventually, request};
use serde_json::{Value, json};

use crate::over_http::{guard, serve};
use crate::tools::{Logged, Tools, VERSION};

const USER: &str = "usr.id";

fn add() -> Value {
    json!({ "name": "add", "arguments": { "a": 1, "b": 2 } })
}

/// What an authentication layer knows.
#[derive(Debug, Clone)]
struct Claims(String);

async fn authenticate(mut request: Request, next: Next) -> Response {
    let token = request.headers().get("authorization");
    let user = token.and_then(|it| it.to_str().ok()).map(str::to_owned);
    if let Some(user) = user {
        request.extensions_mut().insert(Claims(user));
    }
    next.run(request).await
}

/// The events of a call over HTTP with these headers, to a server with this log and this guard.
async fn call<M, F>(
    log: impl FnOnce(SecurityLogBuilder) -> SecurityLogBuilder,
    guard: M,
    headers: &[(&str, &str)],
) -> Event
where
    M: Fn(Request, Next) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let lines = Lines::default();
    let capture = lines.capture(log, |builder| builder);
    let web = serve(&capture, false, |router: Router| {
        router.layer(from_fn(guard))
    })
    .await;
    let meta = json!({ "user": "of-meta", "usr.id": "of-meta", "subject": "of-meta" });
    web.modern(1, "tools/call", add(), &meta, headers).await;
    let event = lines.event(&capture.telemetry);
    assert!(!lines.text(&capture.telemetry).contains("of-meta"));
    event
}

#[tokio::test]
async fn without_a_hook_the_one_that_the_layer_inserted() {
    let event = call(|log| log, guard, &[("authorization", "alice")]).await;
    assert_eq!(event.get(USER), Some("alice"));
    let event = call(|log| log, guard, &[]).await;
    assert_eq!(event.get(USER), None);
}

#[tokio::test]
async fn a_hook_reads_extensions_and_headers() {
    let of_claims = |log: SecurityLogBuilder| {
        log.subject(|caller| Some(caller.extension::<Claims>()?.0.clone()))
    };
    let event = call(of_claims, authenticate, &[("authorization", "alice")]).await;
    assert_eq!(event.get(USER), Some("alice"));
    let of_header = |log: SecurityLogBuilder| {
        log.subject(|caller| {
            let user = caller.headers()?.get("x-user")?.to_str().ok()?;
            let address = caller.address()?;
            Some(format!("{user}@{address}"))
        })
    };
    let event = call(of_header, authenticate, &[("x-user", "bob")]).await;
    assert_eq!(event.get(USER), Some("bob@127.0.0.1"));
}

/// Where the hook does not know, the layer may.
#[tokio::test]
async fn a_hook_goes_before_what_the_layer_inserted() {
    let hook = |log: SecurityLogBuilder| {
        log.subject(|caller| {
            let known: &Subject = caller.extension()?;
            (known.as_str() == "alice").then(|| "the hook's alice".to_owned())
        })
    };
    let event = call(hook, guard, &[("authorization", "alice")]).await;
    assert_eq!(event.get(USER), Some("the hook's alice"));
    let event = call(hook, guard, &[("authorization", "bob")]).await;
    assert_eq!(event.get(USER), Some("bob"));
}

#[tokio::test]
async fn a_hook_that_panics_harms_nothing() {
    let hook = |log: SecurityLogBuilder| {
        log.subject(|_| std::panic::resume_unwind(Box::new("the hook's own")))
    };
    let event = call(hook, authenticate, &[("authorization", "alice")]).await;
    assert_eq!((event.get(USER), event.http_status()), (None, Some(200)));
}

#[tokio::test]
async fn a_hostile_one_is_cut_and_escaped() {
    let hostile = || "a\n\"\u{1b}[31m\u{202e}\u{2028}\0".to_owned() + &"ä".repeat(1_000);
    let event = call(
        move |log| log.subject(move |_| Some(hostile())),
        authenticate,
        &[],
    )
    .await;
    let user = event.get(USER).expect("a subject");
    assert!(user.starts_with("a\n\"\u{1b}[31m\u{202e}\u{2028}\0ä"));
    assert!((255..=256).contains(&user.len()), "{} bytes", user.len());
}

/// Over a pipe there is nobody to authenticate, but the hook may know whose process it is.
#[tokio::test]
async fn over_a_pipe() {
    let lines = Lines::default();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let capture = lines.capture(
        |log| {
            log.subject(move |caller| {
                counted.fetch_add(1, Ordering::Relaxed);
                assert!(caller.headers().is_none() && caller.address().is_none());
                Some("local".to_owned())
            })
        },
        |builder| builder,
    );
    let mut logged = Logged::with(Tools::default(), lines, capture).await;
    eventually("the session is initialised", || {
        logged.capture.spans().len() == 2
    })
    .await;
    let before = calls.load(Ordering::Relaxed);
    let event = logged.call("add", json!({ "a": 1, "b": 2 })).await;
    assert_eq!(event.get(USER), Some("local"));
    let event = logged.call("outer", json!({})).await;
    assert_eq!(event.get(USER), Some("local"));
    assert_eq!(calls.load(Ordering::Relaxed) - before, 2, "once for each");
}

/// What the caller writes counts only for a hook that says so.
#[tokio::test]
async fn of_meta_only_where_the_hook_asks_for_it() {
    let lines = Lines::default();
    let capture = lines.capture(
        |log| log.subject(|caller| caller.unverified_meta("user").map(str::to_owned)),
        |builder| builder,
    );
    let mut logged = Logged::with(Tools::default(), lines, capture).await;
    let mut params = add();
    params["_meta"] = json!({ "user": "of-meta" });
    let (_, events) = logged.ask("tools/call", &params).await;
    assert_eq!(events[0].get(USER), Some("of-meta"));
    params["_meta"] = json!({ "user": ["of-meta"] });
    let (_, events) = logged.ask("tools/call", &params).await;
    assert_eq!(events[0].get(USER), None);
}

/// Let in by the guard, and then refused by the transport: the layer outside of both knows who it was.
#[tokio::test]
async fn of_messages_that_are_refused_after_authentication() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, true, |router: Router| {
        router.layer(from_fn(guard))
    })
    .await;
    web.initialize(VERSION).await;
    let headers = [("authorization", "alice"), ("mcp-session-id", "made-up")];
    let list = request(1, "tools/list", &json!({}));
    assert_eq!(web.post(&headers, &list).await.status, 404);
    let event = lines.event(&capture.telemetry);
    assert_eq!(event.get("event.category"), Some("mcp.request"));
    assert_eq!(event.get(USER), Some("alice"));
}

/// Whoever is refused may have made its headers up: no hook is shown them.
#[tokio::test]
async fn headers_of_those_who_are_refused_prove_nothing() {
    let lines = Lines::default();
    let capture = lines.capture(
        |log| {
            log.subject(|caller| {
                let user = caller.headers()?.get("authorization")?.to_str().ok()?;
                Some(user.to_owned())
            })
        },
        |builder| builder,
    );
    let refuse = async |_: Request, _: Next| http::StatusCode::UNAUTHORIZED;
    let web = serve(&capture, true, |router: Router| {
        router.layer(from_fn(refuse))
    })
    .await;
    for method in [Method::POST, Method::GET] {
        web.send(method, &[("authorization", "alice")], "").await;
    }
    let events = lines.events(&capture.telemetry);
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|it| it.get(USER).is_none()));
}
