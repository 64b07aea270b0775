//! The scenarios: which modes there are, who contends in which, and what is called.

use crate::{autometrics, bare, by_hand, handlers, ours, tracing};

/// A call, set up in this process to be made many times.
pub(crate) type Call = Box<dyn FnMut()>;

/// What is installed, and what is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Off,
    Metrics,
    Unsampled,
    Sampled,
    Failing,
    Recorded,
    MeteredAndLogged,
    SampledAndLogged,
    Handler,
    HandlerOfTool,
    HandlerAndLogged,
}

impl Mode {
    pub(crate) const ALL: [Self; 11] = [
        Self::Off,
        Self::Metrics,
        Self::Unsampled,
        Self::Sampled,
        Self::Failing,
        Self::Recorded,
        Self::MeteredAndLogged,
        Self::SampledAndLogged,
        Self::Handler,
        Self::HandlerOfTool,
        Self::HandlerAndLogged,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Off => "no telemetry installed",
            Self::Metrics => "metrics only",
            Self::Unsampled => "unsampled, metrics",
            Self::Sampled => "sampled, metrics",
            Self::Failing => "sampled, metrics, error",
            Self::Recorded => "sampled, metrics, arguments",
            Self::MeteredAndLogged => "metrics, log",
            Self::SampledAndLogged => "sampled, metrics, log",
            Self::Handler => "Observed, traceparent",
            Self::HandlerOfTool => "Observed, and #[mcp_tool]",
            Self::HandlerAndLogged => "Observed, #[mcp_tool], log",
        }
    }

    /// Its name as an argument and in the table of limits.
    pub(crate) fn argument(self) -> String {
        format!("{self:?}")
    }

    fn is_handler(self) -> bool {
        matches!(
            self,
            Self::Handler | Self::HandlerOfTool | Self::HandlerAndLogged
        )
    }

    /// Whether there is a security log.
    pub(crate) fn is_logged(self) -> bool {
        matches!(
            self,
            Self::MeteredAndLogged | Self::SampledAndLogged | Self::HandlerAndLogged
        )
    }

    /// The arguments that the tool is called with in this mode.
    fn arguments(self) -> (i64, i64) {
        if self == Self::Failing {
            (1_000, 2)
        } else {
            (1, 2)
        }
    }
}

/// Whose code is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// Nobody's: what all others are measured net of.
    Bare,
    Ours,
    ByHand,
    Tracing,
    Autometrics,
}

impl Contender {
    pub(crate) const ALL: [Self; 5] = [
        Self::Bare,
        Self::Ours,
        Self::ByHand,
        Self::Tracing,
        Self::Autometrics,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Ours => "mcp_observe",
            Self::ByHand => "OpenTelemetry by hand",
            Self::Tracing => "tracing (spans only)",
            Self::Autometrics => "autometrics",
        }
    }

    /// Whether it has the mode at all: `tracing` has no metrics, autometrics has nothing else, and only
    /// ours has a security log.
    pub(crate) fn contends(self, mode: Mode) -> bool {
        match self {
            Self::Bare | Self::Ours => true,
            Self::ByHand => !mode.is_logged(),
            Self::Tracing => mode != Mode::Metrics && !mode.is_logged(),
            Self::Autometrics => mode == Mode::Metrics,
        }
    }
}

/// A contender in a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario(pub(crate) Mode, pub(crate) Contender);

impl Scenario {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Mode::ALL
            .into_iter()
            .flat_map(|mode| Contender::ALL.map(|contender| Self(mode, contender)))
            .filter(|Self(mode, contender)| contender.contends(*mode))
    }

    /// Its name as an argument.
    pub(crate) fn argument(self) -> String {
        format!("{}-{:?}", self.0.argument(), self.1)
    }

    pub(crate) fn parse(argument: &str) -> Option<Self> {
        Self::all().find(|scenario| scenario.argument() == argument)
    }

    /// Sets this process up for the scenario.
    pub(crate) fn prepare(self) -> Option<Call> {
        let Self(mode, contender) = self;
        match contender {
            Contender::Bare => {}
            Contender::Ours => ours::install(mode),
            Contender::ByHand => by_hand::install(mode),
            Contender::Tracing => tracing::install(mode),
            Contender::Autometrics => autometrics::install(),
        }
        if mode.is_handler() {
            return handlers::call(mode, contender);
        }
        let (a, b) = mode.arguments();
        if mode == Mode::Recorded {
            return match contender {
                Contender::Bare => Some(bare::calling(bare::add, a, b)),
                Contender::Ours => Some(bare::calling(ours::add_recorded, a, b)),
                Contender::ByHand => Some(bare::calling(by_hand::add_recorded, a, b)),
                Contender::Tracing => Some(bare::calling(tracing::add_recorded, a, b)),
                Contender::Autometrics => None,
            };
        }
        Some(match contender {
            Contender::Bare => bare::calling(bare::add, a, b),
            Contender::Ours => bare::calling(ours::add, a, b),
            Contender::ByHand => bare::calling(by_hand::add, a, b),
            Contender::Tracing => bare::calling(tracing::add, a, b),
            Contender::Autometrics => bare::calling(autometrics::add, a, b),
        })
    }
}
