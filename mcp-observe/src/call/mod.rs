//! A call of an attributed tool's function: what the expansion of `#[mcp_tool]` talks to.

pub(crate) mod classify;
pub(crate) mod placement;
pub(crate) mod source;

use std::fmt::Display;
use std::sync::Arc;

use opentelemetry::{Context, KeyValue};

use crate::catalogue::Callsite;
use crate::label::Combination;
use crate::operation::outcome::Outcome;
use crate::operation::{Operation, OwnCall};
use crate::record::{self, ObjectRecorder, Record, Settings};
use crate::semconv::attribute;
use crate::span::{OpenSpan, contained};
use crate::telemetry::Telemetry;
use crate::work::account::Account;
use crate::work::execution::Execution;
use crate::work::handling::Handling;
use crate::work::scope::{self, Frame, Place};
use crate::work::{Attached, Enter, Inside, Work};
use classify::{Ending, ToolResult};
use source::{Source, Watch};

/// A call that was opened. Dropped before it is finished, it was cancelled.
#[derive(Debug)]
pub struct Call<W> {
    state: State,
    watch: Option<W>,
}

/// What the call is part of.
#[derive(Debug)]
pub struct State(Part);

/// With a tag of its own, which is read three times a call: to find it in a field takes longer.
#[derive(Debug)]
#[repr(u8)]
enum Part {
    /// Nothing is installed.
    Off,
    /// It is what the operation that a wrapper opened is about, and only tells that how it ends.
    Called(Arc<Handling>),
    /// It opened the operation of the message itself.
    Operation(Work<Operation<OwnCall>>),
    /// It is no message, but has a span of its own.
    Execution(Work<Execution>),
}

/// Opens a call of the function at `callsite`. In line where there is nothing to be told.
#[inline]
pub fn open<S: Source>(callsite: &'static Callsite, source: S) -> Call<S::Watch> {
    if Telemetry::is_anywhere() {
        opened(callsite, source)
    } else {
        Call::off()
    }
}

#[inline(never)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a source is a borrow, and is not used again"
)]
fn opened<S: Source>(callsite: &'static Callsite, source: S) -> Call<S::Watch> {
    match scope::place(callsite) {
        Place::Called(handling) => Call {
            state: State(Part::Called(handling)),
            watch: None,
        },
        Place::Within(telemetry, account) => execution(&telemetry, callsite, account, None),
        Place::Outside(telemetry) => outside(callsite, &source, telemetry),
    }
}

fn outside<S: Source>(
    callsite: &'static Callsite,
    source: &S,
    telemetry: Option<Telemetry>,
) -> Call<S::Watch> {
    if let Some(handling) = source.handling() {
        // The message's operation was opened in another task than this one: by the time this work
        // ends, a task may long have been accepted. It is a record of its own.
        handling.enter(callsite);
        let account = Account::own(callsite);
        return execution(
            &handling.telemetry,
            callsite,
            account,
            handling.span_context(),
        );
    }
    let Some(telemetry) = telemetry else {
        return Call::off();
    };
    let carrier = source.carrier();
    if carrier.is_none() && telemetry.is_served(callsite) {
        // Messages that call this tool come through `Observed`; this is no message.
        return execution(&telemetry, callsite, Account::own(callsite), None);
    }
    let message = source.message();
    let operation = Operation::open(&telemetry, OwnCall(callsite), &message, || {
        telemetry.parentage(message.transport, carrier, Context::current())
    });
    source.opened();
    let frame = Frame::new(telemetry, Account::own(callsite), Some(callsite));
    Call {
        state: State(Part::Operation(Work::new(operation, frame))),
        watch: Some(source.watch()),
    }
}

fn execution<W>(
    telemetry: &Telemetry,
    callsite: &'static Callsite,
    account: Account,
    accepted_by: Option<opentelemetry::trace::SpanContext>,
) -> Call<W> {
    let execution = Execution::open(telemetry, callsite, accepted_by);
    let frame = Frame::new(telemetry.clone(), account, Some(callsite));
    Call {
        state: State(Part::Execution(Work::new(execution, frame))),
        watch: None,
    }
}

impl<W> Call<W> {
    /// That of which nobody wants to know.
    fn off() -> Self {
        Self {
            state: State(Part::Off),
            watch: None,
        }
    }
}

impl<W: Watch> Call<W> {
    /// Counts the call with the values of its labels, which are read only if someone wants them, and
    /// remembers them for what it uses.
    pub fn label(&mut self, callsite: &'static Callsite, read: impl FnOnce() -> Combination) {
        match &mut self.state.0 {
            Part::Off => {}
            Part::Called(handling) => {
                let unwinding = ReportUnwind(handling);
                let labels = read();
                std::mem::forget(unwinding);
                handling.label(callsite, labels);
            }
            Part::Operation(work) => work.label(read),
            Part::Execution(work) => work.label(read),
        }
    }

    /// Records the arguments that are declared to be, if anyone will see them.
    pub fn record_arguments(&mut self, write: impl FnOnce(&mut ObjectRecorder<'_>)) {
        self.capture(attribute::GEN_AI_TOOL_CALL_ARGUMENTS, |settings| {
            record::arguments(settings, write)
        });
    }

    /// Records the result, if the call succeeded and anyone will see it.
    pub fn record_result<V: Record + ?Sized>(&mut self, ending: Ending, value: &V) {
        if ending.0 == Outcome::SUCCESS {
            self.capture(attribute::GEN_AI_TOOL_CALL_RESULT, |settings| {
                record::result(settings, value)
            });
        }
    }

    /// Sets an attribute to what is captured of the call's content; to nothing where that is empty.
    fn capture(&self, attribute: &'static str, write: impl FnOnce(&Settings) -> String) {
        let Some((span, telemetry)) = self.state.span() else {
            return;
        };
        // Values write themselves: that is the user's code, and must not break the call.
        if span.is_recording()
            && let Some(settings) = &telemetry.inner().content
            && let Some(json) = contained(|| write(settings))
            && json != "{}"
        {
            span.set_attribute(KeyValue::new(attribute, json));
        }
    }

    /// Records the text of an error, without the secrets that have a known form.
    pub fn record_error<E: Display + ?Sized>(&mut self, error: &E) {
        self.record_message(|| Some(error.to_string()));
    }

    /// Records what a failed result says.
    pub fn record_failure<V: ToolResult + ?Sized>(&mut self, result: &V) {
        self.record_message(|| result.message());
    }

    fn record_message(&mut self, text: impl FnOnce() -> Option<String>) {
        let message = self.state.told_of_errors().and_then(|telemetry| {
            let scrubber = &telemetry.inner().scrubber;
            contained(|| Some(scrubber.scrub(&text()?).into_owned())).flatten()
        });
        let Some(message) = message else { return };
        match &mut self.state.0 {
            Part::Off => {}
            Part::Called(handling) => handling.report_message(message),
            Part::Operation(work) => work.failed_with(message),
            Part::Execution(work) => work.failed_with(message),
        }
    }

    /// Carries out the body of an `async fn`.
    pub fn run<F: Future>(&mut self, body: F) -> Inside<'_, State, F> {
        Inside::new(&mut self.state, body)
    }

    /// Carries out the body of a `fn`.
    pub fn run_sync<R>(&mut self, body: impl FnOnce() -> R) -> R {
        self.state.inside(body)
    }

    /// The body returned.
    #[inline]
    pub fn finish(&mut self, ending: Ending) {
        // Asked first: of a call whose result cannot be an error nothing is left of this.
        if ending.0 == Outcome::SUCCESS && !is_cancelled(self.watch.as_ref()) {
            match &mut self.state.0 {
                Part::Off => {}
                Part::Operation(work) => work.succeed(),
                _ => self.finish_otherwise(Ending(Outcome::SUCCESS)),
            }
        } else {
            self.finish_otherwise(ending);
        }
    }

    /// Out of line, as this is not how calls usually end.
    #[inline(never)]
    fn finish_otherwise(&mut self, ending: Ending) {
        match &mut self.state.0 {
            Part::Off => {}
            Part::Called(handling) => handling.report(ending),
            Part::Operation(work) => work.close(if is_cancelled(self.watch.as_ref()) {
                Outcome::Cancelled
            } else {
                ending.0
            }),
            Part::Execution(work) => work.close(ending.0),
        }
    }
}

fn is_cancelled(watch: Option<&impl Watch>) -> bool {
    watch.is_some_and(Watch::is_cancelled)
}

impl State {
    /// The span of the call, and the instance that it is of.
    fn span(&self) -> Option<(&OpenSpan, &Telemetry)> {
        match &self.0 {
            Part::Off => None,
            Part::Called(handling) => Some((handling.span.as_ref()?, &handling.telemetry)),
            Part::Operation(work) => work.span(),
            Part::Execution(work) => work.span(),
        }
    }
}

impl State {
    /// The instance, if anyone will see the text of the call's error: a span that records, or the
    /// security log, which has no executions.
    fn told_of_errors(&self) -> Option<&Telemetry> {
        let (span, telemetry, has_event) = match &self.0 {
            Part::Off => return None,
            Part::Called(handling) => (handling.span.as_ref(), &handling.telemetry, true),
            Part::Operation(work) => (work.open_span(), work.telemetry()?, true),
            Part::Execution(work) => (work.open_span(), work.telemetry()?, false),
        };
        let is_seen = span.is_some_and(OpenSpan::is_recording)
            || has_event && telemetry.security_log().is_some();
        is_seen.then_some(telemetry)
    }
}

impl Enter for State {
    #[expect(clippy::inline_always, reason = "it is on the way of every call, once")]
    #[inline(always)]
    fn enter(&mut self) -> Attached {
        match &mut self.0 {
            Part::Operation(work) => work.enter(),
            Part::Execution(work) => enter_execution(work),
            Part::Off | Part::Called(_) => Attached::default(),
        }
    }

    #[expect(clippy::inline_always, reason = "it is on the way of every call, once")]
    #[inline(always)]
    fn leave(&mut self) {
        match &mut self.0 {
            Part::Operation(work) => work.leave(),
            Part::Execution(work) => leave_execution(work),
            Part::Off | Part::Called(_) => {}
        }
    }

    fn unwind(&mut self) {
        match &mut self.0 {
            Part::Off => {}
            Part::Called(handling) => handling.report(Ending(Outcome::PANIC)),
            Part::Operation(work) => work.unwind(),
            Part::Execution(work) => work.unwind(),
        }
    }
}

/// Out of line, as most calls open an operation.
#[inline(never)]
fn enter_execution(work: &mut Work<Execution>) -> Attached {
    work.enter()
}

/// See [`enter_execution`].
#[inline(never)]
fn leave_execution(work: &mut Work<Execution>) {
    work.leave();
}

/// Whoever catches the panic may make a result of it; the operation shall know better.
struct ReportUnwind<'a>(&'a Handling);

impl Drop for ReportUnwind<'_> {
    fn drop(&mut self) {
        self.0.report(Ending(Outcome::PANIC));
    }
}
