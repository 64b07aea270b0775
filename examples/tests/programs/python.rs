//! Another SDK's client: Python's `mcp`, with OpenTelemetry on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde::Deserialize;

use crate::collector::{Collector, attribute, hex};
use crate::process::hidden_variables;

/// What the script tells of its session.
#[derive(Debug, Deserialize)]
pub(crate) struct Session {
    pub(crate) protocol_version: String,
    pub(crate) calls: Vec<Call>,
}

/// A call as the client saw it.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) tool: String,
    pub(crate) is_error: bool,
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
}

/// Calls the tools of a weather server: one at a URL, or one that the client starts from a path. The
/// environment is the server's too, if the client starts it.
pub(crate) fn call_tools(server: &str, mode: &str, environment: &[(&str, &str)]) -> Session {
    let mut command = Command::new(interpreter());
    hidden_variables().for_each(|name| {
        command.env_remove(name);
    });
    let output = succeed(
        command
            .arg(scripts().join("call_tools.py"))
            .args([server, mode])
            .envs(environment.iter().copied()),
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("the script's output: {error}: {output:?}"))
}

/// The session went as the script means it to, and every call's trace goes on in the server.
pub(crate) fn assert_traces_go_on(session: &Session, version: &str, collector: &mut Collector) {
    assert_eq!(session.protocol_version, version);
    let called: Vec<_> = session
        .calls
        .iter()
        .map(|call| (call.tool.as_str(), call.is_error))
        .collect();
    assert_eq!(
        called,
        [
            ("get_weather", false),
            ("query_database", false),
            ("send_report", false),
            ("send_report", true),
        ]
    );

    for call in &session.calls {
        // The parent's id tells the calls apart.
        let server = collector.wait_for("server's span", |span| {
            hex(&span.parent_span_id) == call.span_id
        });
        let server = &server.span;
        assert_eq!(hex(&server.trace_id), call.trace_id, "{server:#?}");
        assert_eq!(server.name, format!("tools/call {}", call.tool));
        assert_eq!(server.kind(), SpanKind::Server, "{server:#?}");
        let value = |key| attribute(&server.attributes, key);
        assert_eq!(value("mcp.protocol.version"), Some(version));
        assert_eq!(value("error.type"), call.is_error.then_some("timeout"));
        let status = server.status.clone().unwrap_or_default().code();
        assert_eq!(status == StatusCode::Error, call.is_error, "{server:#?}");

        if call.tool == "query_database" {
            let (trace, parent) = (server.trace_id.clone(), server.span_id.clone());
            let nested = collector.wait_for("nested span", |span| span.parent_span_id == parent);
            assert_eq!(nested.span.name, "db.query");
            assert_eq!(nested.span.trace_id, trace);
        }
    }
}

/// Where the scripts are.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/python")
}

/// The interpreter of an environment that has what the script needs. It is kept beside the test's
/// binary, and made anew when the requirements change.
fn interpreter() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let wanted = scripts().join("requirements.txt");
        let requirements = fs::read_to_string(&wanted).expect("the requirements");
        let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
        let python = environment.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        // Written last: it tells that everything is there.
        let installed = environment.join("requirements.txt");
        if fs::read_to_string(&installed).is_ok_and(|installed| installed == requirements) {
            return python;
        }
        succeed(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&environment),
        );
        succeed(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--no-input"])
                .args(["--disable-pip-version-check", "--requirement"])
                .arg(&wanted),
        );
        fs::write(&installed, requirements).expect("the environment can be written to");
        python
    })
}

fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        panic!(
            "{command:?} cannot be run ({error}): these tests need `python3` with its `venv` \
             module (Debian: `apt-get install python3 python3-venv`)"
        )
    });
    assert!(
        output.status.success(),
        "{command:?} failed, {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}
