//! All messages, not tools' calls alone: by whom, over what, in which revision, refused how.

use mcp_observe::metric::{
    CLIENT_OPERATION_DURATION, Metric, ROUNDS, SERVER_OPERATION_DURATION, SERVER_SESSION_DURATION,
    label,
};

use super::Group;
use crate::catalogue::JOB;
use crate::dashboard::grafana::{Override, Panel, Target, Unit};
use crate::dashboard::palette;
use crate::dashboard::queries::{Queries, RATE, growth};

const METHOD: &str = label::METHOD_NAME.name;
const VERSION: &str = label::PROTOCOL_VERSION.name;
const RPC_CODE: &str = label::RPC_STATUS_CODE.name;
const HTTP_STATUS: &str = label::HTTP_STATUS_CODE.name;

const NO_SESSION: &str = "no session ended in this time";
const NOTHING_SENT: &str = "the server asked its clients for nothing";

pub(super) fn group(queries: Queries<'_>) -> Group {
    Group {
        title: "Messages, clients and transports",
        is_open: false,
        panels: vec![
            by_method(queries),
            p95_by_method(queries),
            by_version(queries),
            by_transport(queries),
            rounds(queries),
            rpc_errors(queries),
            http_refusals(queries),
            sessions_ended(queries),
            sessions(queries),
            sent(queries),
            p95_of_sent(queries),
        ],
    }
}

fn by_method(queries: Queries<'_>) -> Panel {
    let messages = queries.count(&SERVER_OPERATION_DURATION).rate(RATE);
    Panel::areas("Messages by method")
        .describe(
            "Requests and notifications that the server got, per second, refused ones among them.",
        )
        .size(12, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("no messages")
        .legend_table()
        .target(Target::range(
            &messages.sum_by(&[JOB, METHOD]),
            "{{mcp_method_name}}",
        ))
}

fn p95_by_method(queries: Queries<'_>) -> Panel {
    Panel::lines("p95 by method")
        .describe("So long, or less, took 95 % of the messages of a method. Lists should be fast.")
        .size(12, 8)
        .unit(Unit::Seconds)
        .no_value("no messages")
        .logarithmic()
        .legend_table()
        .target(p95(queries, &SERVER_OPERATION_DURATION))
}

fn p95(queries: Queries<'_>, durations: &Metric) -> Target {
    let durations = queries.buckets(durations).rate(RATE);
    Target::range(
        &durations.quantile(0.95, &[JOB, METHOD]),
        "{{mcp_method_name}}",
    )
    .with_exemplars()
}

fn by_version(queries: Queries<'_>) -> Panel {
    let messages = queries.count(&SERVER_OPERATION_DURATION).rate(RATE);
    Panel::areas("Messages by protocol revision")
        .describe("Which revisions of MCP the clients speak: whether an old one can be given up.")
        .size(8, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("no messages")
        .target(Target::range(
            &messages.sum_by(&[JOB, VERSION]),
            "{{mcp_protocol_version}}",
        ))
}

fn by_transport(queries: Queries<'_>) -> Panel {
    let by = [
        JOB,
        label::NETWORK_TRANSPORT.name,
        label::NETWORK_PROTOCOL_NAME.name,
        label::NETWORK_PROTOCOL_VERSION.name,
    ];
    let messages = queries.count(&SERVER_OPERATION_DURATION).rate(RATE);
    Panel::areas("Messages by transport")
        .describe("`pipe` is stdio, `tcp http 1.1` streamable HTTP.")
        .size(8, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("no messages")
        .target(Target::range(
            &messages.sum_by(&by),
            "{{network_transport}} {{network_protocol_name}} {{network_protocol_version}}",
        ))
}

fn rounds(queries: Queries<'_>) -> Panel {
    let rounds = queries.server(&ROUNDS);
    let state = |state| {
        rounds
            .clone()
            .is(label::ROUND_STATE.name, state)
            .now()
            .sum_by(&[JOB])
    };
    let waiting = state("input_required").minus(&state("resumed"));
    Panel::lines("Rounds that wait for input")
        .describe(
            "Calls that asked the client for input and were not come back for, since the server started: \
             they still wait, or were abandoned. If it only grows, clients do not answer.",
        )
        .size(8, 8)
        .unit(Unit::Count)
        .decimals(0)
        .color(palette::NEUTRAL)
        .no_value("none")
        .target(Target::range(&waiting, "waiting or abandoned"))
}

fn rpc_errors(queries: Queries<'_>) -> Panel {
    let errors = growth(&queries.count(&SERVER_OPERATION_DURATION).has(RPC_CODE));
    Panel::bars("JSON-RPC errors by code")
        .describe(
            "Errors in each window, by their code. -32603 is the server's fault; the others are callers' \
             mistakes: look at the method, then at the client.",
        )
        .size(12, 8)
        .unit(Unit::Count)
        .no_value("no errors")
        .overrides([
            Override::pattern("/^-32700/").display_name("-32700 not JSON"),
            Override::pattern("/^-32600/").display_name("-32600 no valid request"),
            Override::pattern("/^-32601/").display_name("-32601 unknown method"),
            Override::pattern("/^-32602/").display_name("-32602 invalid parameters"),
            Override::pattern("/^-32603/")
                .display_name("-32603 internal error")
                .color(palette::BAD),
            Override::pattern("/^-32002/").display_name("-32002 unknown resource"),
        ])
        .target(
            Target::range(&errors.sum_by(&[JOB, RPC_CODE]), "{{rpc_response_status_code}}")
                .empty_if("no message ended with a JSON-RPC error"),
        )
}

fn http_refusals(queries: Queries<'_>) -> Panel {
    let refused = growth(&queries.count(&SERVER_OPERATION_DURATION).has(HTTP_STATUS));
    Panel::bars("Refused over HTTP by status")
        .describe(
            "Messages in each window that were refused before a handler saw them. 5xx are the server's \
             fault; 401, 403 and 429 are under Security.",
        )
        .size(12, 8)
        .unit(Unit::Count)
        .no_value("nothing refused")
        .overrides([Override::pattern("/^5../").color(palette::BAD)])
        .target(
            Target::range(&refused.sum_by(&[JOB, HTTP_STATUS]), "{{http_response_status_code}}")
                .empty_if("no message was refused over HTTP"),
        )
}

fn sessions_ended(queries: Queries<'_>) -> Panel {
    let ended = growth(&queries.count(&SERVER_SESSION_DURATION));
    Panel::bars("Sessions that ended")
        .describe(
            "In each window, by protocol revision. Sessions are counted when they end; from 2026-07-28 on \
             there are none.",
        )
        .size(12, 8)
        .unit(Unit::Count)
        .no_value("no session ended")
        .target(
            Target::range(&ended.sum_by(&[JOB, VERSION]), "{{mcp_protocol_version}}")
                .empty_if(NO_SESSION),
        )
}

fn sessions(queries: Queries<'_>) -> Panel {
    let durations = queries.buckets(&SERVER_SESSION_DURATION).rate(RATE);
    let quantile = |quantile, name: &str| {
        Target::range(&durations.quantile(quantile, &[JOB]), name).empty_if(NO_SESSION)
    };
    Panel::lines("Duration of sessions")
        .describe("Of sessions that ended. Very short ones are clients that connect for each call.")
        .size(12, 8)
        .unit(Unit::Seconds)
        .no_value("no session ended")
        .overrides(palette::by_quantile())
        .target(quantile(0.5, "p50"))
        .target(quantile(0.95, "p95"))
}

fn sent(queries: Queries<'_>) -> Panel {
    let sent = queries.count(&CLIENT_OPERATION_DURATION).rate(RATE);
    Panel::areas("Sent by the server, by method")
        .describe(
            "What the server asks and tells its clients: sampling, elicitation, roots, progress.",
        )
        .size(12, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("nothing sent")
        .legend_table()
        .target(
            Target::range(&sent.sum_by(&[JOB, METHOD]), "{{mcp_method_name}}")
                .empty_if(NOTHING_SENT),
        )
}

fn p95_of_sent(queries: Queries<'_>) -> Panel {
    Panel::lines("p95 of what the server sends, by method")
        .describe(
            "How long clients take to answer. A person who is asked takes as long as it takes.",
        )
        .size(12, 8)
        .unit(Unit::Seconds)
        .no_value("nothing sent")
        .logarithmic()
        .legend_table()
        .target(p95(queries, &CLIENT_OPERATION_DURATION).empty_if(NOTHING_SENT))
}
