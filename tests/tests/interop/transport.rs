//! The transports that peers speak over.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Stdio,
    Http,
}

impl Transport {
    /// What the spans of both sides say of it.
    pub(crate) fn attributes(self) -> [(&'static str, Option<&'static str>); 2] {
        let (transport, protocol) = match self {
            Self::Stdio => ("pipe", None),
            Self::Http => ("tcp", Some("http")),
        };
        [
            ("network.transport", Some(transport)),
            ("network.protocol.name", protocol),
        ]
    }
}
