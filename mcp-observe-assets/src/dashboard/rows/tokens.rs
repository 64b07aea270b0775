//! Tokens, and what they cost at the prices that the reader sets.

use std::collections::BTreeSet;

use mcp_observe::metric::TOOL_TOKENS;
use mcp_observe::metric::label::TOKEN_TYPE;

use super::Group;
use crate::catalogue::JOB;
use crate::dashboard::grafana::{Format, GraphMode, Panel, Target, Unit};
use crate::dashboard::palette;
use crate::dashboard::queries::{Queries, RANGE, RATE, TOOL};
use crate::dashboard::variables::PRICES;
use crate::promql::Query;

const TYPE: &str = TOKEN_TYPE.name;

/// None if no tool declares that it uses tokens.
pub(super) fn group(queries: Queries<'_>) -> Option<Group> {
    let spenders: Vec<_> = queries
        .catalogue
        .tools
        .iter()
        .filter(|it| it.tokens)
        .collect();
    if spenders.is_empty() {
        return None;
    }
    let labels: BTreeSet<_> = spenders
        .iter()
        .flat_map(|it| it.labels)
        .map(|it| it.name)
        .collect();
    let mut panels = vec![
        total_cost(queries),
        total_tokens(queries),
        cost_by_tool(queries),
        // With those by label beside and below it, nothing is left empty.
        tokens_by_type(queries).size(if labels.len() % 2 == 1 { 12 } else { 24 }, 8),
    ];
    panels.extend(
        labels
            .into_iter()
            .map(|label| cost_by_label(queries, label)),
    );
    Some(Group {
        title: "Tokens and cost",
        is_open: false,
        panels,
    })
}

fn total_cost(queries: Queries<'_>) -> Panel {
    let cost = cost(queries, &[JOB], |of_type| of_type.increase(RANGE));
    Panel::stat("Cost", GraphMode::None)
        .describe(
            "What the tokens of the whole time range cost, at one price for all models. The prices are in \
             the menu of the dashboard's controls: set yours.",
        )
        .size(6, 8)
        .unit(Unit::Dollars)
        .decimals(2)
        .color(palette::NEUTRAL)
        .no_value("no tokens")
        .target(Target::instant(&cost, Format::TimeSeries))
}

fn total_tokens(queries: Queries<'_>) -> Panel {
    let tokens = queries
        .tools(&TOOL_TOKENS)
        .increase(RANGE)
        .sum_by(&[JOB, TYPE]);
    Panel::bar_gauge("Tokens by type")
        .describe(
            "Tokens of the whole time range. Each is of one type only, so that they can be summed.",
        )
        .size(6, 8)
        .unit(Unit::Count)
        .decimals(0)
        .color(palette::NEUTRAL)
        .no_value("no tokens")
        .target(Target::instant(&tokens, Format::TimeSeries).legend("{{token_type}}"))
}

fn cost_by_tool(queries: Queries<'_>) -> Panel {
    let by = [JOB, TOOL];
    let an_hour = cost(queries, &by, |of_type| of_type.rate(RATE)).scalar("*", 3600);
    Panel::areas("Cost per hour by tool")
        .describe("What an hour costs at this rate. A step up is a new caller, a longer prompt or a loop.")
        .size(12, 8)
        .unit(Unit::Dollars)
        .no_value("no tokens")
        .legend_table()
        .target(Target::range(&an_hour, "{{tool_name}}"))
}

fn tokens_by_type(queries: Queries<'_>) -> Panel {
    let tokens = queries.tools(&TOOL_TOKENS).rate(RATE).sum_by(&[JOB, TYPE]);
    Panel::areas("Tokens per minute by type")
        .describe(
            "If `input` grows and `input_cache_read` does not, prompts do not get into the cache.",
        )
        .unit(Unit::PerMinute)
        .no_value("no tokens")
        .legend_table()
        .target(Target::range(&tokens.scalar("*", 60), "{{token_type}}"))
}

fn cost_by_label(queries: Queries<'_>, label: &'static str) -> Panel {
    let spent = cost(queries, &[JOB, label], |of_type| {
        of_type.has(label).increase(RANGE)
    });
    Panel::bar_gauge(format!("Cost by {label}"))
        .describe("Who or what spent it, in the whole time range, by a label that tools declare.")
        .size(12, 8)
        .unit(Unit::Dollars)
        .decimals(2)
        .color(palette::NEUTRAL)
        .no_value("no tokens")
        .target(Target::instant(&spent, Format::TimeSeries).legend(format!("{{{{{label}}}}}")))
}

/// Each type of tokens at its price.
fn cost(
    queries: Queries<'_>,
    by: &[&'static str],
    tokens: impl Fn(crate::promql::Series) -> Query,
) -> Query {
    let with_type: Vec<_> = by.iter().copied().chain([TYPE]).collect();
    let of_type = |(r#type, price, _, _): &(&str, &str, &str, &str)| {
        let series = queries.tools(&TOOL_TOKENS).is(TYPE, r#type);
        let tokens = tokens(series).sum_by(&with_type);
        tokens.scalar("*", format_args!("${price} / 1e6"))
    };
    let all = PRICES.iter().map(of_type).reduce(|all, one| all.or(&one));
    all.expect("there are types").sum_by(by)
}
