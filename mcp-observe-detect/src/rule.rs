//! The catalogue of the rules.

use core::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// How bad what an alert tells of may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth a look today.
    Medium,
    /// Worth a look now.
    High,
    /// Worth waking somebody.
    Critical,
}

impl Severity {
    /// As alerts and settings have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule. The last two are about detection itself, and have no settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// `tool-rate-anomaly`.
    ToolRateAnomaly,
    /// `auth-failure-then-call`.
    AuthFailureThenCall,
    /// `night-volume`.
    NightVolume,
    /// `enumeration`.
    Enumeration,
    /// `first-sensitive-use`.
    FirstSensitiveUse,
    /// `tool-error-burst`.
    ToolErrorBurst,
    /// `identity-rotation`.
    IdentityRotation,
    /// `read-then-send`.
    ReadThenSend,
    /// `clock-step`.
    ClockStep,
    /// `state-pressure`.
    StatePressure,
}

/// What the catalogue says of a rule.
struct Entry {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    severity: Severity,
    limits: &'static [&'static str],
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::ToolRateAnomaly,
        Self::AuthFailureThenCall,
        Self::NightVolume,
        Self::Enumeration,
        Self::FirstSensitiveUse,
        Self::ToolErrorBurst,
        Self::IdentityRotation,
        Self::ReadThenSend,
        Self::ClockStep,
        Self::StatePressure,
    ];

    /// The rule of that id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }

    /// `rule.id` of its alerts, and the name of its table in the configuration.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.entry().id
    }

    /// `rule.name` of its alerts.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.entry().title
    }

    /// When it fires, with the default thresholds.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.entry().description
    }

    /// The severity of its alerts, unless set.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.entry().severity
    }

    /// What it cannot see, and how it can be wrong.
    #[must_use]
    pub const fn limits(self) -> &'static [&'static str] {
        self.entry().limits
    }

    const fn entry(self) -> &'static Entry {
        match self {
            Self::ToolRateAnomaly => &Entry {
                id: "tool-rate-anomaly",
                title: "Unusually many calls of one tool",
                description: "Calls of one tool by one actor in 5 minutes are more than 20, and more than \
                    3 standard deviations above the mean of that pair's own earlier windows, and more \
                    than its most at the same hour of the last 7 days; or more than 600, whatever its \
                    past. During the first hour of a pair only the latter counts.",
                severity: Severity::Medium,
                limits: &[
                    "a slow drip of at most 20 calls in 5 minutes is never an alert",
                    "an actor who is patient can train the baseline up to the ceiling, by a factor of \
                     at most 2 an hour",
                    "in a pair's first hour only the ceiling counts",
                    "hours of the day are those of UTC, so that summer time moves the seasonal floor by \
                     an hour",
                ],
            },
            Self::AuthFailureThenCall => &Entry {
                id: "auth-failure-then-call",
                title: "Authentication failed, then a tool was called",
                description: "A 401, and within 5 minutes a tool call that got through: in the same \
                    session, or from the same peer after 5 of them in any sessions.",
                severity: Severity::High,
                limits: &[
                    "an attacker who changes both the session and the address between failure and call \
                     is not seen",
                    "a session that a refused request claims is not proven to be its sender's: guessing \
                     other's session ids raises alerts about them",
                    "peers of `ignore_peers` are known by session only",
                ],
            },
            Self::NightVolume => &Entry {
                id: "night-volume",
                title: "Many calls at night",
                description: "One actor calls tools more than 100 times in 10 minutes between 23:00 and \
                    06:00.",
                severity: Severity::Medium,
                limits: &[
                    "a slow drip of at most 100 calls in 10 minutes is no alert",
                    "there is one night for everybody; scheduled jobs at night need the rule's threshold \
                     to be above theirs",
                ],
            },
            Self::Enumeration => &Entry {
                id: "enumeration",
                title: "Unknown tools or methods are tried out",
                description: "One actor asks for 10 distinct unknown tools and methods in 10 minutes.",
                severity: Severity::Medium,
                limits: &[
                    "a slow drip of fewer than 10 names in 10 minutes is no alert",
                    "actors without a `usr.id` are told apart by address only: one who changes that \
                     network begins anew",
                ],
            },
            Self::FirstSensitiveUse => &Entry {
                id: "first-sensitive-use",
                title: "First use of a sensitive tool",
                description: "An actor calls a tool tagged `sensitive` that it has not called in the last \
                    90 days.",
                severity: Severity::Low,
                limits: &[
                    "uses before the log's first line are unknown, so that at first every use is one; \
                     see `learning`",
                    "a use that was forgotten for want of room is an alert again",
                ],
            },
            Self::ToolErrorBurst => &Entry {
                id: "tool-error-burst",
                title: "A tool fails again and again",
                description: "20 calls of one tool in 5 minutes ended with an error, and they are at least \
                    half of its calls.",
                severity: Severity::Medium,
                limits: &[
                    "errors that are hidden among as many successful calls of that tool are no alert",
                    "above 4,096 calls in a window the share is that of the newest 4,096",
                ],
            },
            Self::IdentityRotation => &Entry {
                id: "identity-rotation",
                title: "One peer has many identities",
                description: "From one peer come 10 users, 20 sessions or 10 names of clients in 10 \
                    minutes.",
                severity: Severity::High,
                limits: &[
                    "people behind one address translation or proxy look the same: set `ignore_peers`, or \
                     thresholds above their number",
                    "an attacker with many addresses, of more than one /64 in IPv6, is not seen",
                    "calls without a session count for users and names of clients only",
                ],
            },
            Self::ReadThenSend => &Entry {
                id: "read-then-send",
                title: "Read from a source, then sent to a sink",
                description: "A successful call of a tool tagged `source`, and within 5 minutes a call of \
                    one tagged `sink` by the same actor or in the same session.",
                severity: Severity::High,
                limits: &[
                    "one who waits longer than the window between reading and sending is not seen",
                    "tools without tags are neither; a tool that is both is no sequence by one call",
                    "calls are ordered by when they ended",
                ],
            },
            Self::ClockStep => &Entry {
                id: "clock-step",
                title: "The log's clock was set back",
                description: "64 events in a row are more than an hour older than the newest one. Time goes \
                    on from there; no rule forgets what it has seen.",
                severity: Severity::Low,
                limits: &["files that are read in the wrong order look the same"],
            },
            Self::StatePressure => &Entry {
                id: "state-pressure",
                title: "More actors than can be told apart",
                description: "A rule has more keys within its window than there is room for; those beyond \
                    share their counts, so that alerts come early rather than never.",
                severity: Severity::Medium,
                limits: &[
                    "an alert of shared state names the actor that crossed the threshold, who need not be \
                     the one that did most of it",
                ],
            },
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
