//! What can be set.

mod bounded;
mod error;
mod rules;
mod written;

use serde::{Deserialize, Serialize};

pub use self::bounded::{Decimal, Number, OutOfRange, Period};
pub use self::error::ConfigError;
pub use self::rules::{
    AuthFailureThenCall, Distinct, Enumeration, FirstSensitiveUse, IdentityRotation, NightVolume,
    ReadThenSend, Threshold, ToolErrorBurst, ToolRateAnomaly, Window,
};
pub use self::written::{Network, TimeOfDay, Zone};

/// The commented file that says what [`Config::default`] does.
pub const DEFAULT_CONFIG: &str = include_str!("../../detect.toml");

/// All thresholds. No value can be out of its range.
///
/// ```
/// use mcp_observe_detect::{Config, Threshold};
///
/// let config = Config::from_toml("[night-volume]\nmax_calls = 50\n")?;
/// assert_eq!(config.night_volume.max_calls.get(), 50);
///
/// let mut config = Config::default();
/// config.night_volume.max_calls = Threshold::new(50).expect("in range");
/// # Ok::<(), mcp_observe_detect::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// How much later than a younger event one may arrive, and still be evaluated in its order. Default:
    /// 5 seconds.
    pub allowance: Period<0, 300>,
    /// How far an event's time may be from the newest one's before the clock is doubted. Default: 1 hour.
    pub max_skew: Period<60, 86_400>,
    /// How many keys each rule tells apart. Default: 65,536.
    pub capacity: Number<64, 4_194_304>,
    /// Peers that stand for many: proxies, gateways, the office's network address translation. Rules that
    /// count by peer leave them out. They are still the actor where there is no `usr.id`. Default: none.
    pub ignore_peers: Vec<Network>,
    /// Rule `tool-rate-anomaly`.
    #[serde(rename = "tool-rate-anomaly")]
    pub tool_rate_anomaly: ToolRateAnomaly,
    /// Rule `auth-failure-then-call`.
    #[serde(rename = "auth-failure-then-call")]
    pub auth_failure_then_call: AuthFailureThenCall,
    /// Rule `night-volume`.
    #[serde(rename = "night-volume")]
    pub night_volume: NightVolume,
    /// Rule `enumeration`.
    pub enumeration: Enumeration,
    /// Rule `first-sensitive-use`.
    #[serde(rename = "first-sensitive-use")]
    pub first_sensitive_use: FirstSensitiveUse,
    /// Rule `tool-error-burst`.
    #[serde(rename = "tool-error-burst")]
    pub tool_error_burst: ToolErrorBurst,
    /// Rule `identity-rotation`.
    #[serde(rename = "identity-rotation")]
    pub identity_rotation: IdentityRotation,
    /// Rule `read-then-send`.
    #[serde(rename = "read-then-send")]
    pub read_then_send: ReadThenSend,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            allowance: Period::of(5),
            max_skew: Period::of(3_600),
            capacity: Number::of(65_536),
            ignore_peers: Vec::new(),
            tool_rate_anomaly: ToolRateAnomaly::default(),
            auth_failure_then_call: AuthFailureThenCall::default(),
            night_volume: NightVolume::default(),
            enumeration: Enumeration::default(),
            first_sensitive_use: FirstSensitiveUse::default(),
            tool_error_burst: ToolErrorBurst::default(),
            identity_rotation: IdentityRotation::default(),
            read_then_send: ReadThenSend::default(),
        }
    }
}

impl Config {
    /// Reads a file's text. What it does not set is as in [`Config::default`].
    ///
    /// # Errors
    /// It is no TOML, or has an unknown key, or a value of the wrong type or out of its range. The error
    /// says where.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::new(text, &error))
    }

    /// All settings in force, as a file without comments.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Every value has a form in TOML, and a test says so.
        toml::to_string(self).unwrap_or_default()
    }
}
