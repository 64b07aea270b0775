//! The scripts, one file for each rule.

mod auth_failure_then_call;
mod enumeration;
mod first_sensitive_use;
mod identity_rotation;
mod night_volume;
mod read_then_send;
mod tool_error_burst;
mod tool_rate_anomaly;

use crate::script::Script;

/// A detection rule with what should raise its alerts, and what should not.
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) positive: fn(&mut Script),
    pub(crate) negative: fn(&mut Script),
}

macro_rules! rules {
    ($($id:literal: $module:ident,)*) => {
        pub(crate) const RULES: &[Rule] = &[$(Rule {
            id: $id,
            positive: $module::positive,
            negative: $module::negative,
        }),*];
    };
}

rules! {
    "tool-rate-anomaly": tool_rate_anomaly,
    "auth-failure-then-call": auth_failure_then_call,
    "night-volume": night_volume,
    "enumeration": enumeration,
    "first-sensitive-use": first_sensitive_use,
    "tool-error-burst": tool_error_burst,
    "identity-rotation": identity_rotation,
    "read-then-send": read_then_send,
}
