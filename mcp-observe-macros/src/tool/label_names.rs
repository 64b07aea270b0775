//! Names that a label cannot have.

/// Why a label cannot have this name, and the way out; none if it can.
pub(crate) fn refuse(name: &str) -> Option<String> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !starts_well || !name.chars().all(is_plain) {
        return Some(format!(
            "`{name}` is no label name: it is made of `a-z 0-9 _` and begins with a letter"
        ));
    }
    if name.len() > MAX_LEN {
        return Some(format!("a label name has at most {MAX_LEN} characters"));
    }
    if RESERVED.contains(&name) || name.starts_with("otel_") {
        return Some(format!(
            "`{name}` is a label that the metrics of tools or Prometheus itself have: choose \
             another name, as in `kind_of_{name} = …`"
        ));
    }
    if identifies(name) {
        return Some(format!(
            "a label named `{name}` would identify something: each value is a time series, and \
             there is no end of them; mark the parameter `#[record]` to have it on the span"
        ));
    }
    None
}

const MAX_LEN: usize = 64;

const RESERVED: [&str; 9] = [
    "error_type",
    "instance",
    "job",
    "kind",
    "le",
    "quantile",
    "status",
    "token_type",
    "tool_name",
];

/// Whether the name is that of an identifier, whatever its type says. `customer_id` is one by its
/// last word.
fn identifies(name: &str) -> bool {
    const ALONE: [&str; 6] = [
        "session",
        "span",
        "trace",
        "traceparent",
        "user",
        "user_name",
    ];
    const LAST_WORD: [&str; 14] = [
        "email",
        "guid",
        "hash",
        "id",
        "ids",
        "ip",
        "nonce",
        "timestamp",
        "ulid",
        "uri",
        "url",
        "urn",
        "username",
        "uuid",
    ];
    let last = name.rsplit('_').next().unwrap_or(name);
    ALONE.contains(&name) || LAST_WORD.contains(&last) || name.ends_with("ip_address")
}

#[cfg(test)]
mod tests {
    use super::refuse;

    #[test]
    fn names_of_sets_are_taken() {
        for name in [
            "unit",
            "region",
            "tier2",
            "grid",
            "valid",
            "user_kind",
            "id_kind",
            "session_kind",
        ] {
            assert_eq!(refuse(name), None, "{name}");
        }
    }

    #[test]
    fn identifiers_are_refused() {
        for name in [
            "id",
            "session_id",
            "user_id",
            "request_id",
            "trace_id",
            "uri",
            "resource_uri",
            "client_ip",
            "email",
            "user",
        ] {
            let refusal = refuse(name).expect(name);
            assert!(refusal.contains("would identify"), "{refusal}");
        }
    }

    #[test]
    fn names_of_the_metrics_are_refused() {
        for name in ["status", "tool_name", "le", "otel_scope_name"] {
            let refusal = refuse(name).expect(name);
            assert!(refusal.contains("choose another name"), "{refusal}");
        }
        for name in ["Unit", "_unit", "größe", "2nd"] {
            assert!(
                refuse(name).expect(name).contains("is no label name"),
                "{name}"
            );
        }
    }
}
