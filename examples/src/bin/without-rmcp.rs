//! An MCP server without an SDK: it reads JSON-RPC messages from stdin, a line each, and answers on
//! stdout. `#[mcp_tool]` is all that is needed to observe its tools.
//!
//! Messages are handled one after the other, so nothing here can be cancelled by the client.

use std::error::Error;
use std::io;
use std::time::Duration;

use mcp_observe::{Telemetry, mcp_tool};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

/// What JSON calls an object.
type Object = Map<String, Value>;

/// Revisions of the protocol, the newest first.
const VERSIONS: [&str; 3] = ["2025-11-25", "2025-06-18", "2025-03-26"];
/// How long exporting what is left may take at the end.
const FLUSH_BOUND: Duration = Duration::from_secs(3);

// The tools. `#[meta]` marks the parameter that the caller's trace context is read from; what is
// returned tells how the call went, whatever the server makes of it.

/// A function that is not async, with buckets for what takes microseconds.
#[mcp_tool(buckets = [0.000_01, 0.000_1, 0.001])]
fn add(arguments: &Object, #[meta] _meta: &Object) -> Result<Value, String> {
    // Read in here, and not by the caller: a call with bad arguments is then one that failed.
    let sum = number(arguments, "a")? + number(arguments, "b")?;
    Ok(text(&sum.to_string(), false))
}

/// A function that makes the protocol's own result: `isError` is understood.
#[mcp_tool]
fn divide(arguments: &Object, #[meta] _meta: &Object) -> Result<Value, String> {
    let (dividend, divisor) = (number(arguments, "a")?, number(arguments, "b")?);
    if divisor == 0.0 {
        return Ok(text("nothing can be divided by zero", true));
    }
    Ok(text(&(dividend / divisor).to_string(), false))
}

/// An async function, whose tool has another name, and whose error is known to be a timeout.
#[mcp_tool(name = "pause", buckets = [0.1, 1, 10])]
async fn sleep_for(arguments: &Object, #[meta] _meta: &Object) -> Result<Value, Box<dyn Error>> {
    let seconds = Duration::try_from_secs_f64(number(arguments, "seconds")?)?;
    let limit = Duration::try_from_secs_f64(number(arguments, "limit")?)?;
    timeout(limit, sleep(seconds)).await?;
    Ok(text("good morning", false))
}

fn number(arguments: &Object, name: &str) -> Result<f64, String> {
    let value = arguments.get(name).and_then(Value::as_f64);
    value.ok_or_else(|| format!("the argument `{name}` must be a number"))
}

fn text(text: &str, is_error: bool) -> Value {
    json!({ "content": [{ "type": "text", "text": text }], "isError": is_error })
}

// The protocol. Nothing from here on is about telemetry, but for the end of `main`.

/// A JSON-RPC error: its code, and what it says.
type RpcError = (i32, &'static str);

const PARSE_ERROR: RpcError = (-32700, "not JSON");
const INVALID_REQUEST: RpcError = (-32600, "not a JSON-RPC request");
const METHOD_NOT_FOUND: RpcError = (-32601, "no such method");
const INVALID_PARAMS: RpcError = (
    -32602,
    "no tool of that name, or arguments that are no object",
);

/// The answer to a line; none if it asks for none.
async fn answer(line: &[u8]) -> Option<Value> {
    let Ok(message) = serde_json::from_slice::<Value>(line) else {
        return Some(failure(&Value::Null, PARSE_ERROR));
    };
    if message["jsonrpc"] != "2.0" {
        return Some(failure(&Value::Null, INVALID_REQUEST));
    }
    let is_response = message.get("result").or(message.get("error")).is_some();
    let (id, method) = match (message.get("id"), message.get("method")) {
        (Some(id @ (Value::String(_) | Value::Number(_))), Some(Value::String(method))) => {
            (id, method)
        }
        // A notification, or an answer to what was never asked.
        (None, Some(Value::String(_))) => return None,
        (_, None) if is_response => return None,
        _ => return Some(failure(&Value::Null, INVALID_REQUEST)),
    };
    let params = message.get("params").unwrap_or(&Value::Null);
    Some(match handle(method, params).await {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => failure(id, error),
    })
}

fn failure(id: &Value, (code, message): RpcError) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

async fn handle(method: &str, params: &Value) -> Result<Value, RpcError> {
    match method {
        "initialize" => {
            let wanted = params["protocolVersion"].as_str().unwrap_or_default();
            let version = VERSIONS.iter().find(|version| **version == wanted);
            Ok(json!({
                "protocolVersion": version.unwrap_or(&VERSIONS[0]),
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "without-rmcp", "version": env!("CARGO_PKG_VERSION") },
            }))
        }
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({ "tools": [
            tool("add", "The sum of two numbers.", ["a", "b"]),
            tool("divide", "One number divided by another.", ["a", "b"]),
            tool("pause", "Waits, but no longer than the limit.", ["seconds", "limit"]),
        ] })),
        "tools/call" => call(params).await,
        _ => Err(METHOD_NOT_FOUND),
    }
}

fn tool(name: &str, description: &str, numbers: [&str; 2]) -> Value {
    let [a, b] = numbers;
    let properties = json!({ a: { "type": "number" }, b: { "type": "number" } });
    let schema = json!({ "type": "object", "properties": properties, "required": numbers });
    json!({ "name": name, "description": description, "inputSchema": schema })
}

async fn call(params: &Value) -> Result<Value, RpcError> {
    let none = Object::new();
    let arguments = match &params["arguments"] {
        Value::Null => &none,
        arguments => arguments.as_object().ok_or(INVALID_PARAMS)?,
    };
    // What the caller says besides: its `traceparent` is in here.
    let meta = params["_meta"].as_object().unwrap_or(&none);
    let result = match params["name"].as_str() {
        Some("add") => add(arguments, meta),
        Some("divide") => divide(arguments, meta),
        Some("pause") => {
            let slept = sleep_for(arguments, meta).await;
            slept.map_err(|error| error.to_string())
        }
        _ => return Err(INVALID_PARAMS),
    };
    // A tool's failure is for the model to read, and no failure of the protocol.
    Ok(result.unwrap_or_else(|error| text(&error, true)))
}

/// Serves until stdin ends.
async fn serve() -> io::Result<()> {
    let mut stdin = BufReader::new(tokio::io::stdin());
    let mut stdout = tokio::io::stdout();
    let mut line = Vec::new();
    while stdin.read_until(b'\n', &mut line).await? > 0 {
        if let Some(answer) = answer(&line).await {
            stdout.write_all(format!("{answer}\n").as_bytes()).await?;
            stdout.flush().await?;
        }
        line.clear();
    }
    Ok(())
}

/// Serves until stdin ends or the process is asked to stop. A call that is under way then is dropped,
/// and so has ended, as cancelled, before telemetry is flushed.
async fn serve_until_stopped() -> io::Result<()> {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?.recv().await;
        Ok(())
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending();
    tokio::select! {
        // In this order: signals are heard before anything is read.
        biased;
        stopped = terminated => stopped,
        stopped = tokio::signal::ctrl_c() => stopped,
        ended = serve() => ended,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let telemetry = Telemetry::builder()
        .service_name("without-rmcp")
        .install()?;
    let served = runtime.block_on(serve_until_stopped());
    // The read of stdin that is pending after a signal is not waited for.
    runtime.shutdown_background();
    if let Err(error) = telemetry.shutdown(FLUSH_BOUND) {
        eprintln!("without-rmcp: {error}");
    }
    Ok(served?)
}
