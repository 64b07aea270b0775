//! Who tries what: the security log in numbers, and its lines.

use mcp_observe::metric::{
    SECURITY_EVENTS, SECURITY_EVENTS_DROPPED, SERVER_OPERATION_DURATION, UNKNOWN, label,
};
use mcp_observe_detect::metric::{ALERTS, RULE};

use super::Group;
use crate::catalogue::{Catalogue, JOB};
use crate::dashboard::grafana::{Override, Panel, Target, Transformation, Unit};
use crate::dashboard::queries::{Queries, RATE, growth, of_server};
use crate::dashboard::{lines, palette};

const HTTP_STATUS: &str = label::HTTP_STATUS_CODE.name;

const NO_LOG: &str = "the server has no security log";

pub(super) fn group(queries: Queries<'_>) -> Group {
    Group {
        title: "Security",
        is_open: false,
        panels: vec![
            events(queries),
            refusals(queries),
            unknown(queries),
            detection(),
            dropped(queries),
            worst_callers(),
            lines(),
        ],
    }
}

fn events(queries: Queries<'_>) -> Panel {
    let events = queries.server(&SECURITY_EVENTS).rate(RATE);
    Panel::bars("Security events by category")
        .describe(
            "Events per minute: `mcp.tool_call` is every call, `mcp.auth` every answer 401, 403 or 429, \
             `mcp.request` any other message that ended with an error.",
        )
        .size(8, 8)
        .unit(Unit::PerMinute)
        .no_value("no security log")
        .overrides([
            Override::name("mcp.tool_call").color(palette::NEUTRAL),
            Override::name("mcp.auth").color(palette::BAD),
            Override::name("mcp.request").color(palette::WORRYING),
        ])
        .target(
            Target::range(&events.sum_by(&[JOB, label::EVENT_CATEGORY.name]).scalar("*", 60), "{{category}}")
                .empty_if(NO_LOG),
        )
}

fn refusals(queries: Queries<'_>) -> Panel {
    let refused = queries.count(&SERVER_OPERATION_DURATION);
    let refused = growth(&refused.is_one_of(HTTP_STATUS, &["401", "403", "429"]));
    Panel::bars("Not authenticated, not allowed, too many")
        .describe(
            "Messages in each window that were answered 401, 403 or 429. Many 401 are a broken client or \
             somebody who guesses: the table says who.",
        )
        .size(8, 8)
        .unit(Unit::Count)
        .no_value("nothing refused")
        .overrides([
            Override::name("401").color(palette::BAD),
            Override::name("403").color(palette::WORRYING),
            Override::name("429").color(palette::CANCELLED),
        ])
        .target(
            Target::range(&refused.sum_by(&[JOB, HTTP_STATUS]), "{{http_response_status_code}}")
                .empty_if("no message was answered 401, 403 or 429"),
        )
}

fn unknown(queries: Queries<'_>) -> Panel {
    let unknown = queries
        .server(&UNKNOWN)
        .rate(RATE)
        .sum_by(&[JOB, label::UNKNOWN_KIND.name]);
    Panel::bars("Unknown tools and methods")
        .describe(
            "Per minute. The names are nowhere; in the security log `mcp.unknown.hash` tells how many \
             different ones a caller tried.",
        )
        .size(8, 8)
        .unit(Unit::PerMinute)
        .no_value("none")
        .target(Target::range(&unknown.scalar("*", 60), "{{kind}}"))
}

fn detection() -> Panel {
    let alerts = of_server(Catalogue::detection(&ALERTS));
    let alerts = alerts.increase(RATE).sum_by(&[JOB, RULE.name]);
    Panel::bars("Alerts of the detection by rule")
        .describe(
            "What mcp-observe-detect found in the server's process, in each window. Who it was, and the \
             evidence, is in the alert's line.",
        )
        .size(12, 8)
        .unit(Unit::Count)
        .no_value("no detection in the server")
        .legend_table()
        .target(
            Target::range(&alerts, "{{rule}}").empty_if("no detection runs in the server's process"),
        )
}

fn dropped(queries: Queries<'_>) -> Panel {
    let dropped = growth(&queries.server(&SECURITY_EVENTS_DROPPED));
    Panel::bars("Security events lost")
        .describe(
            "Events in each window that a sink does not have. `queue_full` is a flood, `write_failed` a \
             full disk or a closed pipe. What is not in the log cannot be detected.",
        )
        .size(12, 8)
        .unit(Unit::Count)
        .color(palette::BAD)
        .no_value("none lost")
        .target(
            Target::range(&dropped.sum_by(&[JOB, label::SINK.name, label::LOSS_REASON.name]), "{{sink}}: {{reason}}")
                .empty_if("no security event was lost"),
        )
}

fn worst_callers() -> Panel {
    Panel::table("Callers that fail most", Some("Events"))
        .describe(
            "Of the whole time range: whose events tell of no success, from where, and why. Without an \
             authenticated subject the address is all there is.",
        )
        .size(8, 10)
        // A code such as -32602 is no number.
        .unit(Unit::Text)
        .no_value("none")
        .transformations(vec![Transformation::organize(
            &[
                ("usr_id", "Subject"),
                ("network_client_ip", "Address"),
                ("error_kind", "Error"),
                ("Value #A", "Events"),
            ],
            &["Time"],
        )])
        .overrides([Override::name("Events").unit(Unit::Count)])
        .target(Target::loki_instant(lines::of_worst_callers()))
}

fn lines() -> Panel {
    Panel::logs("Refusals and failures")
        .describe(
            "Security events that tell of no success. Open one for all that it says; `trace_id` leads to \
             its trace. They are here where the log goes out by OTLP.",
        )
        .size(16, 10)
        .no_value("none")
        .target(Target::loki(lines::of_refusals_and_failures(), ""))
}
