//! The files for a server of one's own, wherever it runs.

use mcp_observe::mcp_tool;
use mcp_observe_assets::{Assets, AssetsBuilder, AssetsError};

/// A tool, so that there is one.
#[mcp_tool]
async fn ping() -> &'static str {
    "pong"
}

fn builder() -> AssetsBuilder {
    Assets::builder("my-server")
}

fn file<'a>(assets: &'a Assets, path: &str) -> &'a str {
    let file = assets.files().iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("no {path}")).contents
}

#[tokio::test(flavor = "current_thread")]
async fn a_server_outside_is_scraped_at_the_machine_that_the_containers_run_on() {
    assert_eq!(ping().await, "pong");
    let assets = builder().build().expect("there is a tool");
    for path in ["collector/config.yaml", "prometheus/scrape/server.yml"] {
        let text = file(&assets, path);
        assert!(text.contains("job_name: 'my-server'"), "{path}");
        assert!(
            text.contains("targets: ['host.docker.internal:9464']"),
            "{path}"
        );
    }
    // The Collector, and Prometheus in its place.
    let compose = file(&assets, "compose.yaml");
    let hosts = "extra_hosts: ['host.docker.internal:host-gateway']";
    assert_eq!(compose.matches(hosts).count(), 2, "{compose}");
    assert!(!compose.contains("demo"), "{compose}");
    assert!(compose.contains("s|mcp-server|my-server|g"), "{compose}");
}

#[test]
fn a_server_can_be_scraped_elsewhere() {
    let assets = builder().scrape("[fd00::1]:8080").build();
    let assets = assets.expect("there is a tool");
    let collector = file(&assets, "collector/config.yaml");
    assert!(collector.contains("targets: ['[fd00::1]:8080']"));
}

#[test]
fn a_server_can_be_one_of_the_services() {
    let definition = "image: my-server:1.2.3\nports:\n  - '127.0.0.1:8000:8000'\n";
    let assets = builder().compose_service("server", definition).build();
    let assets = assets.expect("there is a tool");
    let compose = file(&assets, "compose.yaml");
    let expected = "\n  server:\n    image: my-server:1.2.3\n    ports:\n      - '127.0.0.1:8000:8000'\n\nvolumes:\n";
    assert!(compose.contains(expected), "{compose}");
    assert!(!compose.contains("extra_hosts"), "{compose}");
    let collector = file(&assets, "collector/config.yaml");
    assert!(collector.contains("targets: ['server:9464']"));
}

#[test]
fn what_would_have_to_be_quoted_is_refused() {
    for name in [
        "", "it's", "a b", "a\nb", "a: b", "${HOME}", "<<x>>", "a\"b", "a,b", "`a`",
    ] {
        let refused = Assets::builder(name).build().map(|_| ());
        let Err(AssetsError::Unusable { what, text, .. }) = &refused else {
            panic!("{name:?}: {refused:?}")
        };
        assert_eq!((*what, text.as_str()), ("the service's name", name));
    }
    let refused = Assets::builder("it's").build().map(|_| ());
    assert_eq!(
        refused.map_err(|error| error.to_string()),
        Err("the service's name \"it's\" cannot be used: it may have letters, digits and `.`, `_`, `-`, `/` in it, and must not be empty".to_owned()),
    );
    let refused = builder().scrape("http://here").build();
    assert!(matches!(refused, Err(AssetsError::Unusable { .. })));
    let refused = builder().compose_service("a b", "image: c").build();
    assert!(matches!(refused, Err(AssetsError::Unusable { .. })));
}

#[test]
fn a_server_without_tools_is_refused() {
    let refused = builder().tools([]).build();
    assert!(matches!(refused, Err(AssetsError::NoTools)));
}
