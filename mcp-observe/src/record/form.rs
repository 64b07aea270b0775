//! The forms in which a declaration lets a value be recorded: whole, or no more than its presence,
//! a hash or its last characters.
//!
//! Whether a value is an `Option`, and how its bytes are hashed, depends on its type, which is known
//! where the macro is expanded: it is decided there by autoref specialisation, as in `classify`.
#![allow(
    missing_docs,
    reason = "named by expansions of the macros only: no interface"
)]
#![expect(clippy::unused_self, reason = "a method is found by its receiver")]

use std::fmt::{self, Display, Write as _};

use serde_core::Serialize;

use super::hash::{HashKey, hash_json, hash_str};
use super::{ObjectRecorder, Record, Recorder};
use crate::call::classify::Probe;

const REDACTED: &str = "[redacted]";

/// The value as serde writes it.
///
/// Here as below, the bound is on the function alone, so that a type that lacks it is one error.
#[derive(Debug)]
pub struct Whole<'a, T: ?Sized> {
    value: &'a T,
    write: fn(&T, Recorder<'_>),
}

#[must_use]
pub fn whole<T: Serialize + ?Sized>(value: &T) -> Whole<'_, T> {
    let write = |value: &T, recorder: Recorder<'_>| recorder.serialize(value);
    Whole { value, write }
}

impl<T: ?Sized> Record for Whole<'_, T> {
    fn record(&self, recorder: Recorder<'_>) {
        (self.write)(self.value, recorder);
    }
}

/// Looks into an `Option`.
pub trait InOption<'a> {
    type Value;
    fn __mcp_inside(&self) -> Option<&'a Self::Value>;
}

impl<'a, T> InOption<'a> for &Probe<'a, Option<T>> {
    type Value = T;
    fn __mcp_inside(&self) -> Option<&'a T> {
        self.0.as_ref()
    }
}

/// Anything else is there.
pub trait InPlace<'a> {
    type Value: ?Sized;
    fn __mcp_inside(&self) -> Option<&'a Self::Value>;
}

impl<'a, T: ?Sized> InPlace<'a> for Probe<'a, T> {
    type Value = T;
    fn __mcp_inside(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

/// That there is a value.
#[derive(Debug)]
pub struct Redacted(bool);

impl Redacted {
    #[must_use]
    pub fn of<T: ?Sized>(value: Option<&T>) -> Self {
        Self(value.is_some())
    }
}

impl Record for Redacted {
    fn record(&self, recorder: Recorder<'_>) {
        if self.0 {
            recorder.whole(concat!('"', "[redacted]", '"'));
        } else {
            recorder.null();
        }
    }
}

/// The presence of the value behind a reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_redacted {
    ($value:expr) => {{
        use $crate::__private::recording::{InOption as _, InPlace as _};
        $crate::__private::Redacted::of((&&$crate::__private::Probe($value)).__mcp_inside())
    }};
}

/// A hash of the value.
#[derive(Debug)]
pub struct Hashed<'a, T: ?Sized> {
    value: &'a T,
    hash: fn(&HashKey, &T) -> Option<String>,
}

impl<T: ?Sized> Record for Hashed<'_, T> {
    fn record(&self, recorder: Recorder<'_>) {
        match (self.hash)(recorder.hash_key(), self.value) {
            Some(hash) => recorder.whole(&format!("\"[hash:{hash}]\"")),
            None => Redacted(true).record(recorder),
        }
    }
}

/// The bytes that are hashed are those of the text.
#[derive(Debug)]
pub struct AsText;

/// The bytes that are hashed are those that serde writes.
#[derive(Debug)]
pub struct AsJson;

pub trait TextBytes {
    fn __mcp_bytes(&self) -> AsText;
}

impl<T: AsRef<str> + ?Sized> TextBytes for &Probe<'_, T> {
    fn __mcp_bytes(&self) -> AsText {
        AsText
    }
}

pub trait JsonBytes {
    fn __mcp_bytes(&self) -> AsJson;
}

impl<T: ?Sized> JsonBytes for Probe<'_, T> {
    fn __mcp_bytes(&self) -> AsJson {
        AsJson
    }
}

impl AsText {
    #[must_use]
    pub fn hashed<T: AsRef<str> + ?Sized>(self, value: &T) -> Hashed<'_, T> {
        let hash = |key: &HashKey, value: &T| Some(hash_str(key, value.as_ref()));
        Hashed { value, hash }
    }
}

impl AsJson {
    #[must_use]
    pub fn hashed<T: Hashable + ?Sized>(self, value: &T) -> Hashed<'_, T> {
        let hash = hash_json;
        Hashed { value, hash }
    }
}

/// A value that has bytes to be hashed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded as a hash: it is no text, and serde cannot write it",
    label = "`#[redact(hash)]` wants `AsRef<str>` or `serde::Serialize`",
    note = "implement one of them, or use `#[redact]`"
)]
pub trait Hashable: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> Hashable for T {}

/// A hash of the value behind a reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_hashed {
    ($value:expr) => {{
        use $crate::__private::recording::{
            InOption as _, InPlace as _, JsonBytes as _, TextBytes as _,
        };
        match (&&$crate::__private::Probe($value)).__mcp_inside() {
            $crate::__private::Option::Some(value) => $crate::__private::Option::Some(
                (&&$crate::__private::Probe(value))
                    .__mcp_bytes()
                    .hashed(value),
            ),
            $crate::__private::Option::None => $crate::__private::Option::None,
        }
    }};
}

/// The last characters of the value, if it is long enough that most of it stays unknown.
#[derive(Debug)]
pub struct KeepLast<'a, T: ?Sized> {
    value: &'a T,
    kept: usize,
    show: fn(&T, &mut Tail) -> fmt::Result,
}

/// A value that has characters.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no last characters: it does not implement `Display`",
    label = "`#[redact(keep_last)]` wants `Display`",
    note = "implement it, or use `#[redact]` or `#[redact(hash)]`"
)]
pub trait Shown: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> Shown for T {}

#[must_use]
pub fn keep_last<T: Shown + ?Sized>(value: Option<&T>, kept: usize) -> Option<KeepLast<'_, T>> {
    let show = |value: &T, tail: &mut Tail| write!(tail, "{value}");
    value.map(|value| KeepLast { value, kept, show })
}

impl<T: ?Sized> Record for KeepLast<'_, T> {
    fn record(&self, recorder: Recorder<'_>) {
        let mut tail = Tail::default();
        // What a `Display` that fails has written is of no known length.
        let is_shown = (self.show)(self.value, &mut tail).is_ok();
        if is_shown && tail.count >= 2 * self.kept {
            let text: String = REDACTED.chars().chain(tail.last(self.kept)).collect();
            recorder.str(&text);
        } else {
            Redacted(true).record(recorder);
        }
    }
}

/// The last characters of the value behind a reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_keep_last {
    ($value:expr, $kept:expr) => {{
        use $crate::__private::recording::{InOption as _, InPlace as _};
        $crate::__private::keep_last_of((&&$crate::__private::Probe($value)).__mcp_inside(), $kept)
    }};
}

/// The end of a text that is not kept.
#[derive(Debug, Default)]
struct Tail {
    /// The character number `n` is at `n` modulo the length.
    ring: [char; Self::LEN],
    count: usize,
}

impl Tail {
    /// The most that `keep_last` can keep.
    const LEN: usize = 8;

    fn last(&self, n: usize) -> impl Iterator<Item = char> {
        let n = n.min(Self::LEN).min(self.count);
        (self.count - n..self.count).map(|index| self.ring[index % Self::LEN])
    }
}

impl fmt::Write for Tail {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.ring[self.count % Self::LEN] = c;
            self.count += 1;
        }
        Ok(())
    }
}

/// Adds the members of the value behind a reference, if its type says what may be recorded.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_record_fields {
    ($object:expr, $value:expr) => {{
        use $crate::__private::recording::{RecordsFields as _, RecordsNothing as _};
        (&&$crate::__private::Probe($value)).__mcp_record_fields($object)
    }};
}

pub trait RecordsFields {
    fn __mcp_record_fields(&self, object: &mut ObjectRecorder<'_>);
}

impl<T: Record + ?Sized> RecordsFields for &Probe<'_, T> {
    fn __mcp_record_fields(&self, object: &mut ObjectRecorder<'_>) {
        object.flatten(self.0);
    }
}

pub trait RecordsNothing {
    fn __mcp_record_fields(&self, object: &mut ObjectRecorder<'_>);
}

impl<T: ?Sized> RecordsNothing for Probe<'_, T> {
    fn __mcp_record_fields(&self, _: &mut ObjectRecorder<'_>) {}
}
