//! A family of types that nest every kind of declaration, and what of them may be seen.

mod values;

use std::collections::{BTreeMap, HashMap};

use mcp_observe::Record;
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
