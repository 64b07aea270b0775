use mcp_observe_invariants::arguments::check;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::input::{cases, object, text};

/// Arguments that the tool takes, as far as others do not replace them.
fn arguments() -> impl Strategy<Value = Map<String, Value>> {
    let keys = &[
        "city", "nights", "options", "guests", "api_key", "customer", "card", "comment", "name",
        "passport",
    ];
    let guests = prop::collection::vec((text(), text()), 0..3);
    let taken = (text(), any::<Option<i8>>(), guests, text(), text());
    let taken = taken.prop_map(|(city, nights, guests, customer, card)| {
        let guest = |(name, passport)| json!({ "name": name, "passport": passport });
        let guests: Vec<Value> = guests.into_iter().map(guest).collect();
        json!({ "city": city, "nights": nights, "guests": guests, "customer": customer, "card": card })
    });
    (taken, object(keys), any::<bool>()).prop_map(|(taken, other, replaces)| {
        let Value::Object(mut taken) = taken else {
            unreachable!("an object");
        };
        for (key, value) in other {
            if replaces || !taken.contains_key(&key) {
                taken.insert(key, value);
            }
        }
        taken
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_declared_is_seen_and_nothing_else(arguments in arguments()) {
        check(arguments);
    }
}
