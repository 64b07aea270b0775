//! The settings of each rule.

use serde::{Deserialize, Serialize};

use super::bounded::{Decimal, Number, Period};
use super::written::{TimeOfDay, Zone};
use crate::rule::{Rule, Severity};

/// A sliding window: from one second to half an hour.
pub type Window = Period<1, 1_800>;
/// How many make an alert.
pub type Threshold = Number<1, 10_000>;
/// How many distinct values make an alert; that many are remembered for each key.
pub type Distinct = Number<2, 256>;

/// The settings of one rule. Each has `enabled` (on) and `severity` (the rule's own), then its limits.
macro_rules! settings {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident for $rule:ident {
            $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty = $default:expr,)*
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        #[non_exhaustive]
        pub struct $name {
            /// Whether the rule is evaluated. Default: on.
            pub enabled: bool,
            /// The severity of its alerts. Default: the rule's own.
            pub severity: Severity,
            $($(#[doc = $field_doc])+ pub $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    enabled: true,
                    severity: Rule::$rule.severity(),
                    $($field: $default,)*
                }
            }
        }
    )+};
}

settings! {
    /// Of rule `tool-rate-anomaly`.
    ToolRateAnomaly for ToolRateAnomaly {
        /// How long the window is. Default: 5 minutes.
        window: Window = Window::of(300),
        /// So many calls are never an alert. Default: 20.
        min_count: Threshold = Threshold::of(20),
        /// More calls than this always are, whatever the baseline says. Default: 600.
        ceiling: Threshold = Threshold::of(600),
        /// How many standard deviations above the mean are too many. Default: 3.
        sigmas: Decimal<0, 100> = Decimal::of(3),
        /// Windows since an actor's first call of a tool, before which only the ceiling counts. Default: 12,
        /// which is an hour.
        warm_up: Number<1, 10_000> = Number::of(12),
        /// Over how many windows the baseline forgets. Default: 288, which is a day.
        memory: Number<2, 10_000> = Number::of(288),
        /// By which factor the baseline may grow in an hour. Default: 2.
        growth: Decimal<1, 100> = Decimal::of(2),
    }

    /// Of rule `auth-failure-then-call`.
    AuthFailureThenCall for AuthFailureThenCall {
        /// The longest time from the failure to the call. Default: 5 minutes.
        window: Window = Window::of(300),
        /// Failures of one peer that count together, whatever their sessions. Default: 5.
        peer_failures: Threshold = Threshold::of(5),
        /// The severity of an alert by peer. Default: medium.
        peer_severity: Severity = Severity::Medium,
    }

    /// Of rule `night-volume`.
    NightVolume for NightVolume {
        /// How long the window is. Default: 10 minutes.
        window: Window = Window::of(600),
        /// More calls than this are an alert. Default: 100.
        max_calls: Threshold = Threshold::of(100),
        /// When night begins. Default: 23:00.
        from: TimeOfDay = TimeOfDay(jiff::civil::time(23, 0, 0, 0)),
        /// When night ends. Default: 06:00. Where both are the same, it is always night.
        to: TimeOfDay = TimeOfDay(jiff::civil::time(6, 0, 0, 0)),
        /// Where it is night. Default: UTC.
        time_zone: Zone = Zone(jiff::tz::TimeZone::UTC),
    }

    /// Of rule `enumeration`.
    Enumeration for Enumeration {
        /// How long the window is. Default: 10 minutes.
        window: Window = Window::of(600),
        /// So many distinct unknown tools and methods are an alert. Default: 10.
        distinct: Distinct = Distinct::of(10),
    }

    /// Of rule `first-sensitive-use`.
    FirstSensitiveUse for FirstSensitiveUse {
        /// How long a use is remembered. Default: 90 days.
        remember: Period<3_600, 31_536_000> = Period::of(7_776_000),
        /// How long after the first event uses are learnt and not told. Default: none.
        learning: Period<0, 31_536_000> = Period::of(0),
    }

    /// Of rule `tool-error-burst`.
    ToolErrorBurst for ToolErrorBurst {
        /// How long the window is. Default: 5 minutes.
        window: Window = Window::of(300),
        /// So many errors are an alert, if they are also so large a share. Default: 20.
        min_errors: Number<1, 1_000> = Number::of(20),
        /// Their least share of the tool's calls, in per cent. Default: 50.
        error_percent: Number<1, 100> = Number::of(50),
    }

    /// Of rule `identity-rotation`.
    IdentityRotation for IdentityRotation {
        /// How long the window is. Default: 10 minutes.
        window: Window = Window::of(600),
        /// So many users of one peer are an alert. Default: 10.
        users: Distinct = Distinct::of(10),
        /// So many sessions of one peer are an alert. Default: 20.
        sessions: Distinct = Distinct::of(20),
        /// So many names of clients from one peer are an alert. Default: 10.
        client_names: Distinct = Distinct::of(10),
    }

    /// Of rule `read-then-send`.
    ReadThenSend for ReadThenSend {
        /// The longest time from reading to sending. Default: 5 minutes.
        window: Window = Window::of(300),
    }
}
