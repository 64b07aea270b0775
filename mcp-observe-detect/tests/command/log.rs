//! Lines of a security log, as `mcp-observe` writes them.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use mcp_observe_detect::Timestamp;
use tempfile::TempDir;

/// When logs begin that are replayed.
pub(crate) fn noon() -> Timestamp {
    "2026-03-02T12:00:00.000000Z".parse().expect("it is a time")
}

pub(crate) fn after(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_micros(time.as_micros() + seconds * 1_000_000)
}

/// A call of a sensitive tool: an alert, if the user has not called it before.
pub(crate) fn sensitive_call(time: Timestamp, user: &str) -> String {
    format!(
        "{{\"timestamp\":\"{time}\",\"schema.version\":\"1.0\",\"event.category\":\"mcp.tool_call\",\
         \"mcp.method.name\":\"tools/call\",\"mcp.tool.name\":\"read_secrets\",\
         \"mcp.tool.tags\":[\"sensitive\"],\"usr.id\":\"{user}\",\"http.status\":200,\
         \"duration_ms\":1.5,\"status\":\"success\",\
         \"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\"}}\n"
    )
}

/// A call that there is nothing to say about.
pub(crate) fn harmless_call(time: Timestamp) -> String {
    sensitive_call(time, "ada").replace(",\"mcp.tool.tags\":[\"sensitive\"]", "")
}

/// A directory for a test's files.
#[derive(Debug)]
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("it can be made"))
    }

    pub(crate) fn path(&self, name: &str) -> String {
        let path: PathBuf = self.0.path().join(name);
        path.to_str().expect("it is UTF-8").to_owned()
    }

    /// Writes a file, and gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("it can be written");
        path
    }

    /// Appends to a file, as a log's writer does.
    pub(crate) fn append(&self, name: &str, text: &str) {
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.path(name))
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .expect("it can be written");
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("it can be renamed");
    }
}
