//! Servers of several kinds, and their dashboards.

use std::sync::LazyLock;

use mcp_observe_assets::Assets;
use mcp_observe_examples::weather::Weather;
use serde_json::Value;

/// The dashboard's file.
pub(crate) const PATH: &str = "grafana/dashboards/mcp-server.json";

/// A server's dashboard.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) tools: Vec<mcp_observe::Tool>,
    pub(crate) assets: Assets,
    pub(crate) dashboard: Value,
}

/// One tool, and nothing declared.
#[expect(dead_code, reason = "tools are listed here, and not called")]
mod one {
    #[mcp_observe::mcp_tool]
    fn ping() {}
}

/// Names that mean something in regular expressions and in paths, and buckets of each tool's own.
#[expect(dead_code, reason = "tools are listed here, and not called")]
mod odd {
    #[mcp_observe::mcp_tool(name = "a/b.c", buckets = [0.001, 0.01])]
    fn with_slash() {}

    #[mcp_observe::mcp_tool(name = "two-words", buckets = [1, 60])]
    fn with_hyphen() {}

    #[mcp_observe::mcp_tool(name = "mail.send_home-1")]
    fn with_signs() {}
}

/// Tokens, and labels of every kind.
#[expect(dead_code, reason = "tools are listed here, and not called")]
mod spending {
    use mcp_observe::LabelValue;

    #[derive(Clone, Copy, LabelValue)]
    enum Unit {
        Celsius,
        Fahrenheit,
    }

    #[derive(LabelValue)]
    #[label(max = 3)]
    struct Team(String);

    #[mcp_observe::mcp_tool(tokens, labels(unit, team: Team = Team(team.0.clone())), budget = 5000)]
    fn summarise(unit: Unit, team: &Team) {}

    #[mcp_observe::mcp_tool(tokens, labels(team: Team = Team(team.0.clone()), urgent), budget = 4000)]
    fn translate(team: &Team, urgent: bool) {}

    #[mcp_observe::mcp_tool]
    fn search() {}
}

/// Tokens, and no labels.
#[expect(dead_code, reason = "tools are listed here, and not called")]
mod model {
    #[mcp_observe::mcp_tool(tokens)]
    fn chat() {}
}

static SERVERS: LazyLock<Vec<Server>> = LazyLock::new(|| {
    // Links the weather server's tools.
    let _ = Weather::default();
    [
        ("weather-demo", "mcp_observe_examples::weather"),
        ("one", "dashboard::servers::one"),
        ("team.a/odd", "dashboard::servers::odd"),
        ("spending", "dashboard::servers::spending"),
        ("model", "dashboard::servers::model"),
    ]
    .into_iter()
    .map(|(name, module)| server(name, module))
    .collect()
});

pub(crate) fn all() -> &'static [Server] {
    &SERVERS
}

pub(crate) fn named(name: &str) -> &'static Server {
    let server = all().iter().find(|server| server.name == name);
    server.unwrap_or_else(|| panic!("there is no server {name}"))
}

fn server(name: &'static str, module: &str) -> Server {
    let mut tools = mcp_observe::tools();
    tools.retain(|tool| tool.module == module);
    assert!(!tools.is_empty(), "{module} has no tools");
    let assets = Assets::builder(name)
        .tools(tools.clone())
        .build()
        .expect("there are tools");
    let file = assets
        .files()
        .iter()
        .find(|file| file.path == PATH)
        .expect("a dashboard");
    let dashboard = serde_json::from_str(&file.contents).expect("JSON");
    Server {
        name,
        tools,
        assets,
        dashboard,
    }
}
