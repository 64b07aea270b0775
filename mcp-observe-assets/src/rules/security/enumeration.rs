//! Names are tried out.

use mcp_observe::metric::UNKNOWN;

use crate::catalogue::JOB;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

pub(super) fn alert(server: &Server<'_>) -> Alert {
    let unknown = |kind| server.series(&UNKNOWN).is("kind", kind);
    let increase = server.series(&UNKNOWN).increase("10m");
    Alert {
        name: "McpEnumeration",
        // Requests, not distinct names: the names are in no metric.
        query: increase.sum_by(&[JOB, "kind"]).scalar(">=", 10),
        lasts: None,
        severity: Severity::Warning,
        labels: vec![("rule", "enumeration".to_owned())],
        summary: "{{ $labels.job }} is asked for what it does not have".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} requests for unknown {{ $labels.kind }}s in 10 minutes. Look first at whose they are, in the security log.".to_owned(),
        runbook: Paragraph {
            means: "At least 10 requests in 10 minutes named a tool or a method that the server does not have.",
            look: "the security log: `http.status` 404 by `usr.id` and `network.client.ip`. Their names are there as keyed hashes: many different ones are somebody who tries, one again and again is a client that is out of date.",
            causes: "somebody tries out what there is; a model that makes up tools; a client with a list of tools from before a release; a client of a newer revision that asks for its methods.",
            stop: "shut out who tries; have the client fetch the list again (`notifications/tools/list_changed`).",
            is_false: "a tool was renamed a moment ago.",
        },
        cases: vec![
            Case::new("20 in 10 minutes; of the other kind, 9")
                .given(unknown("tool"), counter(&[(2, 10)]))
                .given(unknown("method"), counter(&[(1, 9), (0, 1)]))
                .stays_quiet("3m")
                .fires("10m", [("kind", "tool")], "20"),
        ],
    }
}
