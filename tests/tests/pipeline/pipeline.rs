//! The demo, and behind it as much of the pipeline as can be had.

use std::path::PathBuf;

use crate::alertmanager::Alertmanager;
use crate::collector::{self, Collector, Destinations};
use crate::demo::Demo;
use crate::directory::Directory;
use crate::prometheus::Prometheus;
use crate::tools::{self, skipped};
use crate::trace_store::TraceStore;
use crate::victoria::{VictoriaLogs, VictoriaMetrics};

/// What runs. What is `None` cannot be had: a test does without it, and it is said to be skipped.
#[derive(Debug)]
pub(crate) struct Pipeline {
    // Ended in this order: who sends before who receives.
    pub(crate) demo: Demo,
    pub(crate) prometheus: Option<Prometheus>,
    pub(crate) alertmanager: Option<Alertmanager>,
    pub(crate) behind: Option<Behind>,
    pub(crate) directory: Directory,
}

/// The collector, and what it sends to.
#[derive(Debug)]
pub(crate) struct Behind {
    pub(crate) collector: Collector,
    pub(crate) traces: TraceStore,
    pub(crate) metrics: Option<VictoriaMetrics>,
    pub(crate) logs: Option<VictoriaLogs>,
}

/// Which of it a test wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All.
    Everything,
    /// The collector and what is behind it, with a trace store that is soon there again.
    Exported,
}

impl Pipeline {
    /// Starts what can be had of what is wanted, with everything that it writes in a directory of this
    /// name.
    pub(crate) async fn start(name: &str, wanted: Wanted) -> Self {
        let directory = Directory::new(name);
        let behind = Behind::start(wanted, &directory).await;
        let demo = Demo::start(&directory, behind.as_ref().map(|it| it.collector.http)).await;
        let (mut alertmanager, mut prometheus) = (None, None);
        if wanted == Wanted::Everything {
            if let Some(path) = found("alertmanager", "notifications of alerts") {
                alertmanager = Some(Alertmanager::start(&path, &directory).await);
            }
            if let Some(path) = found("prometheus", "scraped metrics, and alerts") {
                let notified = alertmanager.as_ref().map(|it| it.port);
                prometheus = Some(Prometheus::start(&path, &demo, notified, &directory).await);
            }
        }
        Self {
            demo,
            prometheus,
            alertmanager,
            behind,
            directory,
        }
    }
}

impl Behind {
    async fn start(wanted: Wanted, directory: &Directory) -> Option<Self> {
        let Some(kind) = collector::Kind::find() else {
            skipped("all that goes by OTLP", "collector");
            return None;
        };
        let phoenix = match wanted {
            Wanted::Everything => found("phoenix", "a trace store other than the test's own"),
            Wanted::Exported => None,
        };
        let (traces, metrics, logs) = tokio::join!(
            TraceStore::start(phoenix.as_deref(), directory),
            async {
                let path = found("victoria-metrics", "metrics by OTLP")?;
                Some(VictoriaMetrics::start(&path, directory).await)
            },
            async {
                let path = found("victoria-logs", "logs")?;
                Some(VictoriaLogs::start(path, directory).await)
            }
        );
        // What there is no store for is held by the collector, in vain.
        let nowhere = || "http://127.0.0.1:9".to_owned();
        let metrics_to = metrics.as_ref().map(|it| it.endpoint.clone());
        let logs_to = logs.as_ref().map(|it| it.endpoint.clone());
        let to = Destinations {
            traces: traces.grpc,
            metrics: metrics_to.unwrap_or_else(nowhere),
            logs: logs_to.unwrap_or_else(nowhere),
        };
        Some(Self {
            collector: kind.start(&to, directory).await,
            traces,
            metrics,
            logs,
        })
    }
}

/// Finds a program, or says what is not tested without it.
fn found(program: &str, without: &str) -> Option<PathBuf> {
    let path = tools::find(program);
    if path.is_none() {
        skipped(without, program);
    }
    path
}
