//! Servers of several kinds, and what is made for them.

use std::sync::LazyLock;

use mcp_observe::Tool;
use mcp_observe_assets::{Assets, AssetsBuilder};
use mcp_observe_examples::weather::Weather;

/// One tool, and nothing declared.
#[expect(dead_code, reason = "tools are listed here, and not called")]
mod one {
    #[mcp_observe::mcp_tool]
    fn ping() {}
}

/// Names that mean something in regular expressions, buckets of each tool's own, and a class of errors.
#[expect(dead_code, reason = "tools are listed here, and not called")]
mod odd {
    use mcp_observe::ErrorType;

    #[derive(Debug, ErrorType)]
    pub(super) enum Missing {
        NotFound,
    }

    #[mcp_observe::mcp_tool(name = "a/b.c", buckets = [0.001, 0.01])]
    fn with_slash() -> Result<(), Missing> {
        Err(Missing::NotFound)
    }

    #[mcp_observe::mcp_tool(name = "one-bound", buckets = [0.25])]
    fn with_one_bound() {}

    #[mcp_observe::mcp_tool(name = "takes.hours", buckets = [60, 600, 3_600])]
    fn that_takes_long() {}
}

/// Tokens, and labels of every kind, whose values are anything.
#[expect(
    dead_code,
    clippy::needless_pass_by_value,
    reason = "tools are listed here, and not called"
)]
mod spending {
    use mcp_observe::LabelValue;

    #[derive(LabelValue)]
    enum Quoted {
        #[label(rename = "say \"hi\"\\ # : {{ $value }}")]
        Quoted,
        #[label(rename = "yes")]
        Yes,
    }

    #[derive(LabelValue)]
    #[label(max = 3)]
    struct Team(String);

    #[mcp_observe::mcp_tool(tokens, labels(quoted, team, urgent), budget = 5000)]
    fn summarise(quoted: Quoted, team: Team, urgent: bool) {}

    #[mcp_observe::mcp_tool(tokens)]
    fn translate() {}
}

/// The tools of one of these modules, or of the weather server.
pub(crate) fn tools(module: &str) -> Vec<Tool> {
    // Links the weather server's.
    let _ = Weather::default();
    let mut tools = mcp_observe::tools();
    tools.retain(|tool| tool.module.ends_with(module));
    assert!(!tools.is_empty(), "{module} has no tools");
    tools
}

/// For a server of that name with these tools.
pub(crate) fn assets(name: &str, module: &str) -> AssetsBuilder {
    Assets::builder(name).tools(tools(module))
}

static SERVERS: LazyLock<Vec<Assets>> = LazyLock::new(|| {
    let builders = [
        assets("weather-demo", "examples::weather"),
        assets("one", "servers::one").objective(0.94),
        assets("team.a/odd", "servers::odd")
            .callers_faults(["not_found"])
            .p95_threshold("takes.hours", 1_234.5)
            .runbook("https://example.net/runbook")
            .objective(0.999),
        assets("spending", "servers::spending").objective(0.9875),
    ];
    let built = builders.map(|builder| builder.build().expect("settings that can be met"));
    built.into()
});

pub(crate) fn all() -> &'static [Assets] {
    &SERVERS
}
