//! The catalogue of the rules.

use core::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::rules;

/// How bad what an alert tells of may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
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
pub(crate) struct Entry {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) severity: Severity,
    pub(crate) limits: &'static [&'static str],
}

impl Rule {
    /// All of them.
    pub const ALL: &[Self] = &[
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
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
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
            Self::ToolRateAnomaly => &rules::tool_rate_anomaly::ENTRY,
            Self::AuthFailureThenCall => &rules::auth_failure_then_call::ENTRY,
            Self::NightVolume => &rules::night_volume::ENTRY,
            Self::Enumeration => &rules::enumeration::ENTRY,
            Self::FirstSensitiveUse => &rules::first_sensitive_use::ENTRY,
            Self::ToolErrorBurst => &rules::tool_error_burst::ENTRY,
            Self::IdentityRotation => &rules::identity_rotation::ENTRY,
            Self::ReadThenSend => &rules::read_then_send::ENTRY,
            Self::ClockStep => &rules::clock_step::ENTRY,
            Self::StatePressure => &rules::state_pressure::ENTRY,
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
