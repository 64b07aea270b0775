//! Grafana's own types find the dashboards right.

use std::io::Write as _;
use std::process::Stdio;

use mcp_observe_tests::runtimes::Node;
use serde_json::{Value, json};

use crate::panels::panel;
use crate::servers;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/dashboard");

/// Gives a list to a script of `tests/dashboard`; returns what it finds wrong with each.
pub(crate) fn judged(script: &str, argument: &str, list: &Value) -> Vec<Vec<String>> {
    let mut node = Node::installed(env!("CARGO_TARGET_TMPDIR"))
        .script(format!("{DIRECTORY}/{script}"))
        .arg(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = node.stdin.take().expect("a pipe");
    stdin
        .write_all(list.to_string().as_bytes())
        .expect("it reads");
    drop(stdin);
    let output = node.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{script} failed");
    serde_json::from_slice(&output.stdout).expect("complaints")
}

fn compiled(dashboards: &[Value]) -> Vec<Vec<String>> {
    let model = format!("{DIRECTORY}/model.ts");
    judged("typed.mjs", &model, &json!(dashboards))
}

#[test]
fn dashboards_are_of_grafanas_types() {
    let dashboards = servers::all().iter().map(|it| it.dashboard.clone());
    let complaints = compiled(&dashboards.collect::<Vec<_>>());
    for (server, complaints) in servers::all().iter().zip(complaints) {
        assert!(complaints.is_empty(), "{}: {complaints:#?}", server.name);
    }
}

/// Each of these is wrong in one place: types that let it pass would prove nothing.
#[test]
fn what_is_wrong_is_found() {
    let right = &servers::named("one").dashboard;
    let wrong = |title: &str, pointer: &str, value: Value| {
        let mut dashboard = right.clone();
        let id = panel(right, title)["id"].clone();
        let panels = dashboard["panels"].as_array_mut().expect("panels");
        let found = panels.iter_mut().find(|it| it["id"] == id);
        let found = found.and_then(|it| it.pointer_mut(pointer));
        *found.unwrap_or_else(|| panic!("no {pointer} in {title}")) = value;
        dashboard
    };
    let dashboards = [
        wrong("Calls", "/options/graphMode", json!("lines")),
        wrong("Calls", "/gridPos/h", json!("4")),
        wrong("Tools", "/fieldConfig/defaults/unit", json!(1)),
        wrong("Calls by tool", "/options/legend/placement", json!("below")),
        wrong(
            "Calls by tool",
            "/fieldConfig/defaults/custom/drawStyle",
            json!("lines"),
        ),
        wrong("Calls by tool", "/targets/0/format", json!("graph")),
        wrong(
            "Durations of all tools",
            "/options/color/scale",
            json!("log"),
        ),
    ];
    for (complaints, dashboard) in compiled(&dashboards).iter().zip(&dashboards) {
        assert_eq!(complaints.len(), 1, "{complaints:?}: {dashboard}");
    }
}
