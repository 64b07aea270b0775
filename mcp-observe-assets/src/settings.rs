//! What the files are made for, beyond what the tools say of themselves.

use mcp_observe::Tool;

use crate::assets::Assets;
use crate::catalogue::Catalogue;
use crate::rules::AlertSettings;

/// Sets up [`Assets`].
#[derive(Debug, Clone)]
pub struct AssetsBuilder {
    settings: Settings,
    tools: Option<Vec<Tool>>,
    pub(crate) alerts: AlertSettings,
}

/// Settings with their defaults.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) service: String,
    /// Where the Collector scrapes the server.
    pub(crate) scrape: String,
}

/// Assets cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssetsError {
    /// The binary has no tools.
    #[error(
        "there are no tools: link those of your server into this program (`use my_server as _;`), or name them with `tools(..)`"
    )]
    NoTools,
    /// The objective is out of range.
    #[error(
        "the objective {0} is not between 0.94 and 0.99999: alerts on how fast its error budget is used up cannot tell anything"
    )]
    Objective(f64),
    /// A setting names a tool that is not there.
    #[error("there is no tool `{0}` to set a threshold for")]
    NoSuchTool(String),
    /// A tool's histogram cannot tell whether its 95th percentile is over the threshold.
    #[error(
        "the threshold of {seconds} s for tool `{tool}` is not within its buckets, {smallest} s to {largest} s: choose another, or other `buckets = [..]`"
    )]
    Threshold {
        /// The tool.
        tool: String,
        /// The threshold, in seconds.
        seconds: f64,
        /// Its histogram's smallest bound, in seconds.
        smallest: f64,
        /// Its histogram's largest bound, in seconds.
        largest: f64,
    },
    /// A setting names a class of errors that no tool has.
    #[error("no tool has errors of the class `{0}`")]
    NoSuchErrorClass(String),
}

impl AssetsBuilder {
    pub(crate) fn new(service: String) -> Self {
        Self {
            settings: Settings {
                service,
                scrape: "127.0.0.1:9464".to_owned(),
            },
            tools: None,
            alerts: AlertSettings::default(),
        }
    }

    /// The tools of the server. Default: all that are linked into this program,
    /// [`mcp_observe::tools()`]; `Observed::tools` lists those that one handler serves.
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.tools = Some(tools.into_iter().collect());
        self
    }

    /// The address at which the Collector scrapes `/metrics`, as the Collector sees it. Default:
    /// `127.0.0.1:9464`.
    #[must_use]
    pub fn scrape(mut self, address: impl Into<String>) -> Self {
        self.settings.scrape = address.into();
        self
    }

    /// Makes the files.
    ///
    /// # Errors
    /// [`AssetsError`] says what is missing.
    pub fn build(self) -> Result<Assets, AssetsError> {
        let tools = self.tools.unwrap_or_else(mcp_observe::tools);
        if tools.is_empty() {
            return Err(AssetsError::NoTools);
        }
        self.alerts.check(&tools)?;
        let catalogue = Catalogue::new(self.settings.service.clone(), tools);
        Ok(Assets::of(&catalogue, &self.settings, &self.alerts))
    }
}
