//! Data sources: each is a variable of the dashboard, so that it can be another one.

use serde::Serialize;

/// What answers queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dashboard) enum Source {
    Prometheus,
    Loki,
    Tempo,
}

/// A data source as queries name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::dashboard) struct SourceRef {
    r#type: &'static str,
    uid: &'static str,
}

impl Source {
    /// The plugin's id; also the name of the variable, and the provisioned data source's uid.
    pub(in crate::dashboard) fn id(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Loki => "loki",
            Self::Tempo => "tempo",
        }
    }

    /// The variable's value: the uid of the data source that is chosen.
    pub(in crate::dashboard) fn reference(self) -> SourceRef {
        SourceRef {
            r#type: self.id(),
            uid: match self {
                Self::Prometheus => "${prometheus}",
                Self::Loki => "${loki}",
                Self::Tempo => "${tempo}",
            },
        }
    }
}

impl SourceRef {
    /// Grafana's own store of annotations.
    pub(in crate::dashboard) fn built_in() -> Self {
        Self {
            r#type: "grafana",
            uid: "-- Grafana --",
        }
    }
}
