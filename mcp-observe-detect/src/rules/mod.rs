//! The rules, a file each.

pub(crate) mod auth_failure_then_call;
pub(crate) mod clock_step;
pub(crate) mod enumeration;
pub(crate) mod first_sensitive_use;
pub(crate) mod identity_rotation;
pub(crate) mod night_volume;
pub(crate) mod read_then_send;
pub(crate) mod state_pressure;
pub(crate) mod tool_error_burst;
pub(crate) mod tool_rate_anomaly;

use crate::config::Config;
use crate::occurrence::Occurrence;
use crate::raise::Raise;

/// Those that are enabled.
#[derive(Debug)]
pub(crate) struct Rules {
    tool_rate_anomaly: Option<tool_rate_anomaly::Watch>,
    auth_failure_then_call: Option<auth_failure_then_call::Watch>,
    night_volume: Option<night_volume::Watch>,
    enumeration: Option<enumeration::Watch>,
    first_sensitive_use: Option<first_sensitive_use::Watch>,
    tool_error_burst: Option<tool_error_burst::Watch>,
    identity_rotation: Option<identity_rotation::Watch>,
    read_then_send: Option<read_then_send::Watch>,
}

/// For each rule, in the order of the catalogue.
macro_rules! each {
    ($($rule:ident)*) => {
        impl Rules {
            pub(crate) fn new(config: &Config) -> Self {
                let capacity = config.capacity.index();
                Self {
                    $($rule: config.$rule.enabled.then(|| $rule::Watch::new(&config.$rule, capacity)),)*
                }
            }

            /// Each event once, in the order of time.
            pub(crate) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
                $(if let Some(watch) = &mut self.$rule {
                    watch.evaluate(at, raise);
                })*
            }
        }
    };
}

each! {
    tool_rate_anomaly auth_failure_then_call night_volume enumeration
    first_sensitive_use tool_error_burst identity_rotation read_then_send
}
