//! Reading the standard `OTEL_*` variables that the SDK and the exporters do not read themselves.

use std::env;

/// The variable's value; one that is empty counts as not set, as the specification has it.
pub(crate) fn value(name: &str) -> Option<String> {
    let value = env::var(name).ok()?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The entries of a comma-separated variable.
pub(crate) fn list(name: &str) -> Vec<String> {
    value(name)
        .iter()
        .flat_map(|value| value.split(','))
        .map(|entry| entry.trim().to_owned())
        .filter(|entry| !entry.is_empty())
        .collect()
}

/// Whether the variable is `true`, in whatever case.
pub(crate) fn is_true(name: &str) -> bool {
    value(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}
