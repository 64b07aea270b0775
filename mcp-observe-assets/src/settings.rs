//! What the files are made for, beyond what the tools say of themselves.

use mcp_observe::Tool;

use crate::assets::Assets;
use crate::catalogue::Catalogue;
use crate::rules::AlertSettings;

/// Sets up [`Assets`].
#[derive(Debug, Clone)]
pub struct AssetsBuilder {
    service: String,
    tools: Option<Vec<Tool>>,
    scrape: Option<String>,
    compose_service: Option<ComposeService>,
    pub(crate) alerts: AlertSettings,
}

/// Settings with their defaults.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) service: String,
    /// Where the Collector scrapes the server.
    pub(crate) scrape: String,
    /// The server, if `compose.yaml` starts it too.
    pub(crate) compose_service: Option<ComposeService>,
}

/// A service of `compose.yaml`.
#[derive(Debug, Clone)]
pub(crate) struct ComposeService {
    pub(crate) name: String,
    /// Its definition in YAML.
    pub(crate) definition: String,
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
    /// A name or an address that cannot stand in all of the files.
    #[error(
        "{what} {text:?} cannot be used: it may have letters, digits and {others} in it, and must not be empty"
    )]
    Unusable {
        /// What it is: the service's name, the address of the scrape, the name in `compose.yaml`.
        what: &'static str,
        /// What was given.
        text: String,
        /// What it may have in it besides letters and digits.
        others: &'static str,
    },
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
            service,
            tools: None,
            scrape: None,
            compose_service: None,
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

    /// The address, `host:port`, at which the Collector scrapes `/metrics`, as the Collector sees it.
    ///
    /// Default: port 9464 of the machine that the containers run on, `host.docker.internal:9464`,
    /// where the server has to listen at an address that containers reach; with
    /// [`compose_service`](Self::compose_service), port 9464 of that service.
    #[must_use]
    pub fn scrape(mut self, address: impl Into<String>) -> Self {
        self.scrape = Some(address.into());
        self
    }

    /// The server is a service of `compose.yaml` too: its name there, and its definition in YAML, as it
    /// would stand below the name. Default: it runs outside, on the machine that the containers run on.
    ///
    /// The definition can refer to the others by their names, which are `collector`, `prometheus`,
    /// `alertmanager`, `tempo`, `loki`, `grafana` and `ready`; the last is healthy once all of them take
    /// requests.
    #[must_use]
    pub fn compose_service(
        mut self,
        name: impl Into<String>,
        definition: impl Into<String>,
    ) -> Self {
        self.compose_service = Some(ComposeService {
            name: name.into(),
            definition: definition.into(),
        });
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
        usable("the service's name", &self.service, "`.`, `_`, `-`, `/`")?;
        let host = match &self.compose_service {
            Some(service) => {
                usable("the name in compose.yaml", &service.name, "`.`, `_`, `-`")?;
                &service.name
            }
            None => HOST,
        };
        let scrape = self.scrape.unwrap_or_else(|| format!("{host}:9464"));
        usable(
            "the scrape's address",
            &scrape,
            "`.`, `_`, `-`, `:`, `[`, `]`",
        )?;
        let settings = Settings {
            service: self.service,
            scrape,
            compose_service: self.compose_service,
        };
        let catalogue = Catalogue::new(settings.service.clone(), tools);
        Ok(Assets::of(&catalogue, &settings, &self.alerts))
    }
}

/// The machine that the containers run on, as these see it.
pub(crate) const HOST: &str = "host.docker.internal";

/// Names stand in YAML, in regular expressions and in queries: what would have to be quoted differently
/// in each is refused. `others` lists what is allowed in backticks.
fn usable(what: &'static str, text: &str, others: &'static str) -> Result<(), AssetsError> {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric() || (c != ' ' && c != ',' && c != '`' && others.contains(c))
    };
    if !text.is_empty() && text.chars().all(allowed) {
        return Ok(());
    }
    Err(AssetsError::Unusable {
        what,
        text: text.to_owned(),
        others,
    })
}
