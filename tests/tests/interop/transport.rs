//! The transports that peers speak over.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Stdio,
    Http,
}

impl Transport {
    /// What the spans of both sides say of it.
    pub(crate) fn attributes(self) -> [(&'static str, Option<&'static str>); 3] {
        let (transport, protocol, version) = match self {
            Self::Stdio => ("pipe", None, None),
            Self::Http => ("tcp", Some("http"), Some("1.1")),
        };
        [
            ("network.transport", Some(transport)),
            ("network.protocol.name", protocol),
            ("network.protocol.version", version),
        ]
    }
}
