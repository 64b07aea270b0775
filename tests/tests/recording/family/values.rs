//! Arbitrary values of the family, with the canary in each text that must not be seen.

use proptest::collection::{btree_map, hash_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;

/// May be seen.
fn shown() -> impl Strategy<Value = String> {
    "[a-zé…\"\\\\/\n ]{0,6}"
}

/// May not: what would be seen of the last characters is no canary.
fn hidden() -> impl Strategy<Value = String> {
    "[a-z\"]{0,3}".prop_map(|text| format!("{text}{CANARY}{text}"))
}

impl Order {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let plain = (
            any::<i64>(),
            option::of(Address::any()),
            vec(Line::any(), 0..3),
            btree_map(shown(), hash_map(any::<i8>(), Note::any(), 0..2), 0..3),
            any::<(u8, Option<bool>, char)>(),
            vec((shown(), any::<bool>()), 0..3),
        );
        let enums = (
            Payment::any(),
            Delivery::any(),
            vec(Contact::any(), 0..3),
            Reference::any(),
        );
        let redacted = (
            hidden(),
            option::of(hidden()),
            option::of(vec(hidden(), 0..3)),
            option::of(hidden()),
            option::of(vec(hidden(), 1..3)),
        );
        let rest = (
            any::<Option<bool>>(),
            any::<Option<u8>>(),
            All::any(),
            hidden(),
            shown(),
            any::<u8>(),
            Address::any(),
        );
        (plain, enums, redacted, rest).prop_map(|(plain, enums, redacted, rest)| Self {
            number: plain.0,
            ship_to: plain.1,
            lines: plain.2,
            notes: plain.3,
            parts: plain.4,
            raw: Raw { anything: plain.5 },
            payment: enums.0,
            delivery: enums.1,
            contacts: enums.2,
            reference: enums.3,
            api_key: redacted.0,
            coupon: redacted.1,
            customer: redacted.2,
            card_number: redacted.3,
            undeclared: redacted.4,
            internal: CANARY.to_owned(),
            trace: rest.0,
            discount: rest.1,
            all: rest.2,
            sealed: Sealed(rest.3.clone()),
            audit: Audit {
                auditor: rest.4,
                remark: rest.3.clone(),
                wrapper: Wrapper {
                    inner: BTreeMap::from([("wrapped", rest.5)]),
                },
            },
            hidden: Hidden { trap: rest.3 },
            boxed: Box::new(rest.6),
        })
    }
}

impl Address {
    fn any() -> impl Strategy<Value = Self> {
        (
            shown(),
            hidden(),
            any::<i32>(),
            option::of(hidden()),
            hidden(),
        )
            .prop_map(|(street_name, zip, number, sector, resident)| Self {
                street_name,
                zip,
                geo: Geo(number, resident.clone(), sector),
                resident,
            })
    }
}

impl Line {
    fn any() -> impl Strategy<Value = Self> {
        let options = btree_map(shown(), vec(shown(), 0..3), 0..3);
        (shown(), options, hidden(), hidden()).prop_map(|(sku, options, supplier, price)| Self {
            sku,
            options,
            supplier,
            price,
        })
    }
}

impl Note<String> {
    fn any() -> impl Strategy<Value = Self> {
        (shown(), hidden()).prop_map(|(text, author)| Self { text, author })
    }
}

impl Transfer {
    fn any() -> impl Strategy<Value = Self> {
        (shown(), hidden()).prop_map(|(bank, iban)| Self { bank, iban })
    }
}

impl Payment {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            Just(Self::Cash),
            (hidden(), shown(), hidden()).prop_map(|(last_digits, issuer_name, holder)| {
                Self::Card {
                    last_digits,
                    issuer_name,
                    holder,
                }
            }),
            Transfer::any().prop_map(Self::Transfer),
            hidden().prop_map(|trap| Self::Undeclared(Hidden { trap })),
        ]
    }
}

impl Delivery {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            Just(Self::Pickup),
            (shown(), hidden()).prop_map(|(name, phone)| Self::Courier { name, phone }),
            hidden().prop_map(Self::Locker),
            shown().prop_map(Self::BusStop),
            (shown(), hidden(), hidden()).prop_map(|(a, b, c)| Self::Route(a, b, c)),
        ]
    }
}

impl Contact {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            Just(Self::None),
            hidden().prop_map(Self::Undeclared),
            (shown(), hidden()).prop_map(|(nick, name)| Self::Person { nick, name }),
            (hidden(), shown(), hidden()).prop_map(|(a, b, c)| Self::Pair(a, b, c)),
        ]
    }
}

impl Reference {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            (any::<u32>(), hidden()).prop_map(|(number, issuer)| Self::Number { number, issuer }),
            hidden().prop_map(|code| Self::Code { code }),
            Just(Self::Nothing),
        ]
    }
}

impl All {
    fn any() -> impl Strategy<Value = Self> {
        (shown(), any::<u8>(), hidden(), option::of(hidden())).prop_map(
            |(city, session_count, pin, note)| Self {
                city,
                session_count,
                pin,
                note,
                password: CANARY.to_owned(),
            },
        )
    }
}
