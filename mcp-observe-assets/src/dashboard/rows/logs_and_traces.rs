//! What was written, and what was slow or failed.

use super::Group;
use crate::dashboard::grafana::{Override, Panel, Target, Unit};
use crate::dashboard::{lines, palette, spans};

pub(super) fn group() -> Group {
    Group {
        title: "Logs and traces",
        is_open: false,
        panels: vec![failed_calls(), slow_calls(), by_level(), log_lines()],
    }
}

fn failed_calls() -> Panel {
    Panel::table("Failed calls", None)
        .describe("The latest calls of the chosen tools that failed or were cancelled. A span's id opens its trace.")
        .size(12, 9)
        .unit(Unit::Text)
        .no_value("no call failed")
        .target(Target::spans(spans::failed()))
}

fn slow_calls() -> Panel {
    Panel::table("Slow calls", None)
        .describe(
            "The latest calls of the chosen tools that took as long as \"Slow from\" says, or longer. What \
             is below the call's span in its trace says what it waited for.",
        )
        .size(12, 9)
        .unit(Unit::Text)
        .no_value("no call was slow")
        .target(Target::spans(spans::slow()))
}

fn by_level() -> Panel {
    Panel::bars("Log lines by level")
        .describe("What the server wrote with `tracing`, in each step of time. A wall of errors is where to start.")
        .size(24, 6)
        .unit(Unit::Count)
        .no_value("no lines")
        .overrides([
            Override::name("error").color(palette::BAD),
            Override::name("warn").color(palette::WORRYING),
            Override::name("info").color(palette::GOOD),
            Override::name("debug").color(palette::NEUTRAL),
            Override::name("trace").color(palette::CANCELLED),
        ])
        .target(Target::loki(lines::of_application_by_level(), "{{detected_level}}"))
}

fn log_lines() -> Panel {
    Panel::logs("Log lines")
        .describe("What the server wrote with `tracing`. A line that was written in a call leads to its trace.")
        .size(24, 12)
        .no_value("no lines")
        .target(Target::loki(lines::of_application(), ""))
}
