//! The server uses up its error budget: what may fail while it still meets its objective.
//!
//! The windows and factors are those of the *Site Reliability Workbook*, for an objective over 30 days:
//! the long window says that it matters, the short one that it still goes on.

use super::errors::{ended, of_a_million};
use crate::catalogue::JOB;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter, percentage};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

struct Burn {
    alert: &'static str,
    severity: Severity,
    /// How many times as fast as would just use up the budget.
    factor: f64,
    long: &'static str,
    short: &'static str,
    long_minutes: u64,
    short_minutes: u64,
    /// What goes at this speed.
    speed: &'static str,
}

const BURNS: [Burn; 3] = [
    Burn {
        alert: "McpErrorBudgetBurnFast",
        severity: Severity::Critical,
        factor: 14.4,
        long: "1h",
        short: "5m",
        long_minutes: 60,
        short_minutes: 5,
        speed: "2 % of a month's budget in an hour",
    },
    Burn {
        alert: "McpErrorBudgetBurn",
        severity: Severity::Warning,
        factor: 6.0,
        long: "6h",
        short: "30m",
        long_minutes: 360,
        short_minutes: 30,
        speed: "5 % of a month's budget in 6 hours",
    },
    Burn {
        alert: "McpErrorBudgetBurnSlow",
        severity: Severity::Warning,
        factor: 1.0,
        long: "3d",
        short: "6h",
        long_minutes: 4_320,
        short_minutes: 360,
        speed: "10 % of a month's budget in 3 days",
    },
];

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    BURNS.iter().map(|burn| alert(server, burn)).collect()
}

fn alert(server: &Server<'_>, burn: &Burn) -> Alert {
    let limit = (burn.factor * server.settings.error_budget() * 1e9).round() / 1e9;
    let over = |window| {
        let ratio = recording::failure_ratio_of_all(server, window);
        ratio.series(server).now().scalar(">", limit)
    };
    // Of few calls one that fails is a great share.
    let failures = server.failures().increase(burn.long).sum_by(&[JOB]);
    Alert {
        name: burn.alert,
        query: over(burn.long)
            .and(&over(burn.short))
            .and(&failures.scalar(">=", 10)),
        lasts: None,
        severity: burn.severity,
        labels: Vec::new(),
        summary: format!("{{{{ $labels.job }}}} uses up {}", burn.speed),
        description: format!(
            "{{{{ $value | humanizePercentage }}}} of its calls failed in {}, and as many go on failing; {} may. Look first at which tool fails.",
            burn.long,
            percentage(server.settings.error_budget()),
        ),
        runbook: paragraph(burn),
        cases: cases(server, burn, limit),
    }
}

fn cases(server: &Server<'_>, burn: &Burn, limit: f64) -> Vec<Case> {
    // Of a window that is longer than the case, what there is counts.
    let minutes = burn.long_minutes.min(3 * burn.short_minutes).max(60);
    let case = |name: &str| {
        let case = Case::new(name);
        if minutes > 600 {
            case.over_days()
        } else {
            case
        }
    };
    let since = burn.short_minutes + 15;
    let (now, later) = (format!("{minutes}m"), format!("{}m", minutes + since));
    // What share fails at first, and what then.
    let failing = |name: &str, first: f64, then: f64| {
        let (first, then) = (of_a_million(first.min(1.0)), of_a_million(then.min(1.0)));
        let samples = [
            counter(&[(first.0, minutes), (then.0, since)]),
            counter(&[(first.1, minutes), (then.1, since)]),
        ];
        case(name).given_all(ended(server, "tool_error", samples))
    };
    let only_failures = |name: &str, each: u64| {
        let samples = [
            counter(&[(0, minutes - 4), (each, 3), (0, 1)]),
            counter(&[(0, minutes)]),
        ];
        case(name).given_all(ended(server, "tool_error", samples))
    };
    let share = (1.2 * limit).min(1.0);
    // In the long window, a bit less than the limit.
    #[expect(clippy::cast_precision_loss, reason = "at most some thousands")]
    let spike = 0.6 * limit * (minutes + since) as f64 / since as f64;
    vec![
        failing("A fifth more than the limit, all the while", share, share).fires(
            &now,
            [],
            percentage(share),
        ),
        failing(
            "Far more than the limit, and then less",
            3.0 * limit,
            0.6 * limit,
        )
        .stays_quiet(&later),
        failing(
            "None, and then more than the limit, for a short time",
            0.0,
            spike,
        )
        .stays_quiet(&later),
        only_failures("12 calls fail, and none succeeds", 4).fires(&now, [], "100%"),
        only_failures("9 calls fail, and none succeeds", 3).stays_quiet(now),
    ]
}

fn paragraph(burn: &Burn) -> Paragraph {
    let means = match burn.severity {
        Severity::Critical => {
            "So many calls fail that 2 % of what may fail in a month failed within the last hour, and it goes on. At this speed nothing is left after two days."
        }
        _ if burn.factor > 1.0 => {
            "5 % of what may fail in a month failed within the last 6 hours, and it goes on. Nothing is left after five days."
        }
        _ => {
            "As many calls fail, over 3 days and still, as would just use up what may fail in a month. There is no hurry, and there will be nothing left for a bad day."
        }
    };
    Paragraph {
        means,
        look: "table *Tools*: mostly it is one, and `McpToolErrorRatio` says which. Then its *Errors by tool and class* and its failed calls in *Failed calls*.",
        causes: "what several tools depend on (a database, a network, credentials that ran out) where all fail; a release where one does.",
        stop: "go back to the last release, or bring back what the tools depend on. The short window ends the alert soon after the failures end.",
        is_false: "the failures are ordinary answers of a tool: see `McpToolErrorRatio`. If the objective is none that anybody needs, set another with `objective`.",
    }
}
