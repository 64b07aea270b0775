//! The attribute without rmcp: functions that are called directly, with a carrier of any kind.

use std::collections::HashMap;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};

use mcp_observe::{Carrier, Record, mcp_tool};
use serde_json::{Map, Value, json};

use super::canary::{canary, hostile};
use super::requests::meta;

#[derive(Record)]
#[record(all)]
struct All {
    shown: String,
    #[redact]
    token: String,
}

#[mcp_tool(record_all)]
fn of_all(all: &All, #[redact(hash)] secret: &str) -> usize {
    all.shown.len() + all.token.len() + secret.len()
}

#[mcp_tool]
async fn outer(
    #[record] shown: &str,
    undeclared: &str,
    #[redact(keep_last = 4)] kept: &str,
    #[meta] _meta: &Map<String, Value>,
) -> String {
    let shown = shown.len() + undeclared.len() + kept.len();
    let nested = inner(hostile("nested-argument"), &canary("nested-redacted"));
    let work = async {
        tokio::task::yield_now().await;
        inner(hostile("carried-argument"), &canary("carried-redacted"))
    };
    let carried = tokio::spawn(mcp_observe::carry(work)).await;
    format!("{shown} {nested:?} {carried:?}")
}

#[mcp_tool(error_message = true)]
fn inner(undeclared: String, #[redact] _secret: &str) -> Result<(), String> {
    drop(undeclared);
    Err(format!("password={}", canary("nested-error")))
}

#[mcp_tool]
fn of_box(text: &str, #[meta] _meta: &HashMap<String, String>) -> Result<(), Box<dyn Error>> {
    Err(format!("{text} {}", hostile("error-box")).into())
}

#[mcp_tool]
async fn of_anyhow(#[meta] _meta: &Value) -> anyhow::Result<()> {
    let error = anyhow::anyhow!(hostile("error-anyhow"));
    Err(error.context(hostile("error-anyhow-context")))
}

#[mcp_tool]
fn panics_alone(text: &str) -> usize {
    panic!("{text} {}", hostile("panic-alone"))
}

#[mcp_tool]
async fn dropped(text: String) -> String {
    std::future::pending::<()>().await;
    text
}

/// Says of every key the same.
struct Anything(String);

impl Carrier for Anything {
    fn get(&self, _: &str) -> Option<&str> {
        Some(&self.0)
    }
}

#[mcp_tool]
fn of_anything(#[meta] _meta: &Anything) -> Result<(), std::fmt::Error> {
    Err(std::fmt::Error)
}

pub(crate) async fn all() {
    let all = All {
        shown: hostile("declared-all"),
        token: hostile("alone-redacted"),
    };
    of_all(&all, &hostile("alone-hashed"));

    let kept = format!("{}9876", canary("alone-kept"));
    for meta in meta("alone-meta") {
        let map = meta.as_object().expect("an object");
        outer(
            &hostile("declared-parameter"),
            &hostile("alone-undeclared"),
            &kept,
            map,
        )
        .await;
        let strings = map.iter().filter_map(|(key, value)| {
            let value = value.as_str()?;
            Some((key.clone(), value.to_owned()))
        });
        let _ = of_box(&hostile("alone-argument"), &strings.collect());
        let _ = of_anyhow(&meta).await;
    }
    let _ = of_anyhow(&json!(hostile("alone-meta-string"))).await;
    for text in [canary("carrier"), hostile("carrier-hostile")] {
        let _ = of_anything(&Anything(text));
    }
    let _ = catch_unwind(AssertUnwindSafe(|| panics_alone(&hostile("alone-panic"))));
    let polled =
        pin!(dropped(hostile("alone-dropped"))).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending(), "it is dropped while it waits");
}
