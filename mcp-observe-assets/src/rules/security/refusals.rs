//! Requests that are refused before a handler sees them.

use mcp_observe::metric::SERVER_OPERATION_DURATION;
use mcp_observe::metric::label::HTTP_STATUS_CODE;

use crate::catalogue::JOB;
use crate::promql::{Query, Series};
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    vec![authentication(server), rate_limited(server)]
}

fn operations(server: &Server<'_>) -> Series {
    server.count(&SERVER_OPERATION_DURATION)
}

fn refused(server: &Server<'_>, status: &str) -> Series {
    operations(server).is(HTTP_STATUS_CODE.name, status)
}

/// How many in 5 minutes. A refusal has no series before the first one, which `increase` does not see:
/// one that was not there at the start of the window counts whole.
fn in_5_minutes(refused: &Series) -> Query {
    let before = refused.clone().offset("5m").now();
    let new = refused.now().unless(&before);
    new.or(&refused.increase("5m")).sum_by(&[JOB])
}

fn authentication(server: &Server<'_>) -> Alert {
    let refusals = operations(server).is_one_of(HTTP_STATUS_CODE.name, &["401", "403"]);
    Alert {
        name: "McpAuthenticationFailures",
        query: in_5_minutes(&refusals).scalar(">=", 20),
        lasts: None,
        severity: Severity::Warning,
        labels: vec![("rule", "auth-failure-then-call".to_owned())],
        summary: "{{ $labels.job }} refuses many requests as not authenticated or not allowed".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} answers 401 or 403 in 5 minutes. Look first in the security log, at who it was and whether a call followed.".to_owned(),
        runbook: Paragraph {
            means: "At least 20 requests within 5 minutes were answered 401 or 403.",
            look: "the security log: `event.category` = `mcp.auth` by `network.client.ip`, and then calls from the same addresses or sessions: a call that succeeds after many refusals may be a guessed token.",
            causes: "tokens are tried out; a client whose token ran out and which does not stop; a key that was rotated on one side.",
            stop: "shut out the address; revoke what may have been guessed; renew the client's token.",
            is_false: "clients that ask without a token first, as OAuth has them do: each of them once.",
        },
        cases: vec![
            Case::new("15 answers 401 of a series that was there, 5 answers 403 of one that was not; 99 answers 429")
                .given(refused(server, "401"), "7x4 7+3x5")
                .given(refused(server, "403"), "_x8 5x1")
                .given(refused(server, "429"), "_x8 99x1")
                .fires("10m", [], "20"),
            Case::new("1,000 long ago, and 15 in 5 minutes; other failures")
                .given(refused(server, "401"), "1000x4 1003+3x5")
                .given(refused(server, "400"), "0+10x10")
                .stays_quiet("10m"),
        ],
    }
}

fn rate_limited(server: &Server<'_>) -> Alert {
    Alert {
        name: "McpRateLimited",
        query: in_5_minutes(&refused(server, "429")).scalar(">=", 100),
        lasts: None,
        severity: Severity::Info,
        labels: vec![("rule", "tool-rate-anomaly".to_owned())],
        summary: "{{ $labels.job }} refuses many requests as too many".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} answers 429 in 5 minutes. Look first at who is refused, in the security log.".to_owned(),
        runbook: Paragraph {
            means: "At least 100 requests within 5 minutes were refused because there were too many. The limit does its work.",
            look: "the security log: `http.status` 429 by `usr.id` and `network.client.ip`.",
            causes: "a client that does not wait before it tries again; an agent in a loop; a limit that is too low for what is wanted.",
            stop: "have the client heed `Retry-After`; raise the limit if they are all wanted.",
            is_false: "a load test.",
        },
        cases: vec![
            Case::new("100 of a series that was not there")
                .given(refused(server, "429"), "_x8 100x1")
                .fires("10m", [], "100"),
            Case::new("99, and many of other kinds")
                .given(refused(server, "429"), "_x8 99x1")
                .given(refused(server, "401"), counter(&[(100, 10)]))
                .stays_quiet("10m"),
        ],
    }
}
