//! A family of types that nest every kind of declaration, and arbitrary values of them. The canary
//! is in each text that must not be seen.

use std::collections::{BTreeMap, HashMap};

use mcp_observe::Record;
use proptest::collection::{btree_map, hash_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde::Serialize;

use super::allowed::Seen::{self, Hash, Last, Name, Null, Object, Redacted, Whole};

pub(crate) const CANARY: &str = "CANARY";

/// What of an [`Order`] may be seen.
pub(crate) const ALLOWED: &[(&str, Seen)] = &[
    ("number", Whole),
    ("shipTo/street_name", Whole),
    ("shipTo/zip", Last(2)),
    ("shipTo/geo/0", Whole),
    ("shipTo/geo/2", Redacted),
    ("lines/*/sku", Whole),
    ("lines/*/options", Whole),
    ("lines/*/supplier", Hash),
    ("notes/*/*/text", Whole),
    ("parts/*", Whole),
    ("payment/method", Whole),
    ("payment/last-digits", Last(4)),
    ("payment/issuer-name", Whole),
    ("payment/bank", Whole),
    ("delivery", Name),
    ("delivery/COURIER", Object),
    ("delivery/COURIER/name", Whole),
    ("delivery/LOCKER", Null),
    ("delivery/stop", Whole),
    ("delivery/ROUTE/0", Whole),
    ("delivery/ROUTE/2", Hash),
    ("contacts/*/kind", Whole),
    ("contacts/*/value", Object),
    ("contacts/*/value/nick", Whole),
    ("contacts/*/value/0", Redacted),
    ("contacts/*/value/1", Whole),
    ("reference/number", Whole),
    ("reference/code", Redacted),
    ("raw", Whole),
    ("apiKey", Redacted),
    ("coupon", Redacted),
    ("customer", Hash),
    ("cardNumber", Last(4)),
    ("x-trace", Whole),
    ("discount", Whole),
    ("all/city", Whole),
    ("all/sessionCount", Whole),
    ("all/pin", Redacted),
    ("all/note", Hash),
    ("sealed", Redacted),
    ("auditor", Whole),
    ("wrapped", Whole),
    ("boxed/street_name", Whole),
    ("boxed/zip", Last(2)),
    ("boxed/geo/0", Whole),
    ("boxed/geo/2", Redacted),
];

#[derive(Debug, Clone, Serialize, Record)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    #[record]
    number: i64,
    #[record]
    ship_to: Option<Address>,
    #[record]
    lines: Vec<Line>,
    #[record]
    notes: BTreeMap<String, HashMap<i8, Note<String>>>,
    #[record]
    parts: (u8, Option<bool>, char),
    #[record]
    payment: Payment,
    #[record]
    delivery: Delivery,
    #[record]
    contacts: Vec<Contact>,
    #[record]
    reference: Reference,
    #[record(serde)]
    raw: Raw,
    #[redact]
    api_key: String,
    #[redact]
    coupon: Option<String>,
    #[redact(hash)]
    customer: Option<Vec<String>>,
    #[redact(keep_last = 4)]
    card_number: Option<String>,
    undeclared: Option<Vec<String>>,
    #[expect(dead_code, reason = "not read, as it should be")]
    #[serde(skip)]
    internal: String,
    #[record]
    #[serde(rename = "x-trace")]
    trace: Option<bool>,
    #[record]
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<u8>,
    #[record]
    all: All,
    #[record]
    sealed: Sealed,
    #[record]
    #[serde(flatten)]
    audit: Audit,
    #[serde(flatten)]
    hidden: Hidden,
    #[record]
    boxed: Box<Address>,
}

#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Address {
    #[record]
    street_name: String,
    #[redact(keep_last = 2)]
    zip: String,
    #[record]
    geo: Geo,
    resident: String,
}

#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Geo(#[record] i32, String, #[redact] Option<String>);

#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Line {
    #[record]
    sku: String,
    #[record]
    options: BTreeMap<String, Vec<String>>,
    #[redact(hash)]
    supplier: String,
    price: String,
}

#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Note<T> {
    #[record]
    text: T,
    author: T,
}

/// Internally tagged.
#[derive(Debug, Clone, Serialize, Record)]
#[serde(tag = "method", rename_all_fields = "kebab-case")]
pub(crate) enum Payment {
    Cash,
    Card {
        #[redact(keep_last = 4)]
        last_digits: String,
        #[record]
        issuer_name: String,
        holder: String,
    },
    Transfer(#[record] Transfer),
    Undeclared(Hidden),
}

#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Transfer {
    #[record]
    bank: String,
    iban: String,
}

/// Externally tagged.
#[derive(Debug, Clone, Serialize, Record)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Delivery {
    Pickup,
    Courier {
        #[record]
        name: String,
        phone: String,
    },
    Locker(String),
    #[serde(rename = "stop")]
    BusStop(#[record] String),
    Route(#[record] String, String, #[redact(hash)] String),
}

/// Adjacently tagged.
#[derive(Debug, Clone, Serialize, Record)]
#[serde(tag = "kind", content = "value")]
pub(crate) enum Contact {
    None,
    Undeclared(String),
    Person {
        #[record]
        nick: String,
        name: String,
    },
    Pair(#[redact] String, #[record] String, String),
}

/// Untagged.
#[derive(Debug, Clone, Serialize, Record)]
#[serde(untagged)]
pub(crate) enum Reference {
    Number {
        #[record]
        number: u32,
        issuer: String,
    },
    Code {
        #[redact]
        code: String,
    },
    Nothing,
}

/// Recorded whole, and no `Record`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Raw {
    anything: Vec<(String, bool)>,
}

#[derive(Debug, Clone, Serialize, Record)]
#[serde(rename_all = "camelCase")]
#[record(all)]
pub(crate) struct All {
    city: String,
    session_count: u8,
    #[redact]
    pin: String,
    #[redact(hash)]
    note: Option<String>,
    #[expect(dead_code, reason = "not read, as it should be")]
    #[serde(skip)]
    password: String,
}

#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Sealed(#[redact] String);

/// Flattened.
#[derive(Debug, Clone, Serialize, Record)]
pub(crate) struct Audit {
    #[record]
    auditor: String,
    remark: String,
    #[record]
    #[serde(flatten)]
    wrapper: Wrapper,
}

#[derive(Debug, Clone, Serialize, Record)]
#[serde(transparent)]
pub(crate) struct Wrapper {
    #[record]
    inner: BTreeMap<&'static str, u8>,
}

/// Not declared, where it is flattened or beside a tag.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Hidden {
    trap: String,
}

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
