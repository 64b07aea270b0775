//! Each leg, the reconciliation with as many messages as its short form has and the others with few: whether it holds
//! at all. `cargo run --release -p mcp-observe-load` is for more.

use mcp_observe_load::child::Program;
use mcp_observe_load::legs::{Leg, Size};

const FEW: Size = Size {
    messages: 200_000,
    names: 1_500,
    messages_with_a_fault: 4_000,
    answers: 500,
    requests: 800,
};

fn run(leg: Leg) -> String {
    leg.run(&Program::at(env!("CARGO_BIN_EXE_under-fire")), FEW)
}

#[test]
fn everything_is_in_every_signal_or_counted_as_lost() {
    run(Leg::Reconciliation);
}

#[test]
fn made_up_names_change_neither_series_nor_memory() {
    run(Leg::Flood);
}

#[test]
fn faults_change_no_answer_and_every_loss_is_counted() {
    run(Leg::Faults);
}

#[test]
fn what_is_under_way_at_sigterm_is_counted_once() {
    run(Leg::Ending);
}

#[test]
fn servers_with_and_without_telemetry_are_compared() {
    let table = run(Leg::Overhead);
    for transport in ["stdio", "http"] {
        for extent in ["nothing", "metrics, spans, security log"] {
            let row = format!("| {transport} | nothing | {extent} |");
            assert!(table.contains(&row), "{table}");
        }
    }
}
