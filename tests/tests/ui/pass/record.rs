//! The derive on every kind of type, where the prelude is shadowed and no lint may fire.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    unused_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    unused_results
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated
)]
#![forbid(unsafe_code)]
#![expect(
    dead_code,
    non_camel_case_types,
    reason = "names that the expansion could mean"
)]

use mcp_observe::Record;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;
use std::ops::Range;

mod shadowed {
    //! Nothing that the expansion names is what it is called here.

    use ::mcp_observe::Record as Derived;

    mod core {}
    mod std {}
    mod mcp_observe {}
    mod serde {}
    type Option = ();
    type Result = ();
    type Some = ();
    type None = ();
    type Sized = ();
    type Record = ();
    type Recorder = ();
    type usize = ();
    type str = ();

    #[derive(Derived)]
    struct Named {
        #[record]
        recorder: u8,
        #[record]
        object: u8,
        #[record(serde)]
        array: u8,
        #[redact]
        value: u8,
        #[redact(hash)]
        r#type: u8,
        #[redact(keep_last = 4)]
        __mcp_field0: u8,
        undeclared: u8,
    }

    #[derive(Derived)]
    enum Kinds {
        None,
        Some(#[record] u8),
        Ok(#[redact] u8, u8, #[redact(hash)] u8),
        Named {
            #[redact(keep_last = 4)]
            object: u8,
            #[record]
            recorder: u8,
            undeclared: u8,
        },
        Nothing {
            undeclared: u8,
        },
    }
}

/// A unit.
#[derive(Debug, Record)]
pub struct Unit;

/// No values.
#[derive(Debug, Record)]
pub enum Never {}

/// Transparent.
#[derive(Debug, Record)]
pub struct Newtype(#[record] String);

/// Redacted as a whole.
#[derive(Debug, Record)]
pub struct Hidden(#[redact(hash)] Option<String>);

/// A tuple.
#[derive(Debug, Record)]
pub struct Tuple(#[record] u8, f32, #[redact] Option<u8>);

/// A type that does not say what may be recorded.
#[derive(Debug)]
pub struct Opaque;

/// Bounds only on what is recorded.
#[derive(Debug, Record)]
pub struct Generic<'a, A: ?Sized, B, C, D: Iterator, const N: usize, E = u8>
where
    D::Item: Clone,
{
    #[record]
    borrowed: &'a A,
    #[record(serde)]
    serde: Vec<B>,
    #[redact]
    redacted: C,
    #[record]
    item: Option<D::Item>,
    #[record]
    array: [u8; N],
    #[redact(keep_last = 8)]
    last: E,
    undeclared: Opaque,
}

const fn is_recorded<T: Record>() {}
const _: () = is_recorded::<Generic<'static, str, u8, Opaque, Range<u8>, 2>>();

/// Recursive.
#[derive(Debug, Record)]
#[record(all)]
pub struct Node<T> {
    value: T,
    children: Vec<Self>,
    boxed: Option<Box<Self>>,
    marker: PhantomData<Opaque>,
}

/// All of serde.
#[derive(Debug, Serialize, Deserialize, Record)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[record(all)]
pub struct Renamed {
    two_words: u8,
    #[serde(rename(serialize = "b", deserialize = "a"), alias = "c")]
    other_name: u8,
    #[serde(skip)]
    skipped: Opaque2,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    optional: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list: Vec<u8>,
    #[redact]
    api_key: String,
    #[record]
    pin: u8,
    #[record(serde)]
    map: HashMap<u8, (u8, u8)>,
}

impl Default for Renamed {
    fn default() -> Self {
        unimplemented!()
    }
}

/// Skipped.
#[derive(Debug, Default)]
pub struct Opaque2;

/// Flattened.
#[derive(Debug, Serialize, Deserialize, Record)]
pub struct Flat {
    #[record]
    #[serde(flatten)]
    inner: Inner,
    #[record]
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}

/// Tagged.
#[derive(Debug, Serialize, Deserialize, Record)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "kebab-case"
)]
pub enum Inner {
    /// One.
    UnitVariant,
    /// Two.
    Newtype(#[record] BTreeMap<String, u8>),
    /// Three.
    Named {
        /// A field.
        #[record]
        a_field: u8,
    },
    /// Four.
    #[serde(skip)]
    Skipped(u8),
}

/// Adjacently tagged.
#[derive(Debug, Serialize, Deserialize, Record)]
#[serde(tag = "t", content = "c")]
pub enum Adjacent {
    /// One.
    Unit,
    /// Two.
    Undeclared(u8),
    /// Three.
    Tuple(#[record] u8, u8),
}

/// Untagged.
#[derive(Debug, Serialize, Deserialize, Record)]
#[serde(untagged)]
pub enum Untagged {
    /// One.
    Number(#[record] u8),
    /// Two.
    Text(#[redact(keep_last = 1)] String),
}

/// One variant is.
#[derive(Debug, Serialize, Deserialize, Record)]
pub enum PartlyUntagged {
    /// One.
    #[serde(rename = "first")]
    One(u8),
    /// Two.
    #[serde(untagged)]
    Other(#[record] String),
}

/// Transparent.
#[derive(Debug, Serialize, Deserialize, Record)]
#[serde(transparent)]
pub struct Transparent<T> {
    #[record]
    value: u8,
    marker: PhantomData<T>,
}

/// The runtime under another name.
pub mod re_exported {
    pub use mcp_observe;

    /// A field.
    #[derive(Debug, mcp_observe::Record)]
    #[record(crate = self::mcp_observe)]
    pub struct Named {
        #[record]
        a: u8,
    }
}

/// From a macro of the user's.
macro_rules! recorded {
    ($name:ident { $($field:ident: $ty:ty),* }) => {
        /// Generated.
        #[derive(Debug, Record)]
        pub struct $name {
            $(#[record] $field: $ty,)*
        }
    };
}

recorded!(Generated { a: u8, b: Option<String> });

fn main() {}
