//! What a value is written to: [`Recorder`] for one value, [`ArrayRecorder`] and [`ObjectRecorder`]
//! for what is in an array or object.

use serde_core::Serialize;

use super::Record;
use super::hash::HashKey;
use super::key::MapKey;
use super::serialize::to_json;
use super::writer::{Container, Writer};

/// The place of exactly one JSON value.
///
/// Texts that are too long are cut, and what does not fit any more is left out and marked with `…`:
/// a value need not care for its size.
#[derive(Debug)]
pub struct Recorder<'a> {
    writer: &'a mut Writer,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Value,
    /// Inside of the open object: the members of an object are written as its members, and anything
    /// else is left out.
    Members,
}

impl<'a> Recorder<'a> {
    pub(super) fn value_of(writer: &'a mut Writer) -> Self {
        Self {
            writer,
            place: Place::Value,
        }
    }

    fn scalar(self, write: impl FnOnce(&mut Writer)) {
        if self.place == Place::Value {
            write(self.writer);
        }
    }

    /// Writes `null`.
    pub fn null(self) {
        self.whole("null");
    }

    /// Writes a string.
    pub fn str(self, text: &str) {
        self.scalar(|writer| writer.string(text));
    }

    /// Writes what `value` writes.
    pub fn value<V: Record + ?Sized>(self, value: &V) {
        value.record(self);
    }

    /// Writes all that serde writes of `value`; if that does not fit, or fails, only `…`.
    pub fn serialize<V: Serialize + ?Sized>(self, value: &V) {
        match self.place {
            Place::Value => self
                .writer
                .attempt(|out, room, depth| to_json(value, out, room, depth).is_ok()),
            Place::Members => self
                .writer
                .attempt_members(|out, room, depth| to_json(value, out, room, depth).is_ok()),
        }
    }

    /// Writes an array of what `fill` adds. `fill` is not called where there is no room for it.
    pub fn array(self, fill: impl FnOnce(&mut ArrayRecorder<'_>)) {
        self.scalar(|writer| {
            writer.container(Container::Array, |writer| fill(&mut ArrayRecorder(writer)));
        });
    }

    /// Writes an object of what `fill` adds. `fill` is not called where there is no room for it.
    pub fn object(self, fill: impl FnOnce(&mut ObjectRecorder<'_>)) {
        match self.place {
            Place::Value => self.writer.container(Container::Object, |writer| {
                fill(&mut ObjectRecorder(writer));
            }),
            Place::Members => fill(&mut ObjectRecorder(self.writer)),
        }
    }

    /// Writes the name of a unit variant, as serde does: flattened, it is a member without a value.
    #[doc(hidden)]
    pub fn variant(self, name: &str) {
        match self.place {
            Place::Value => self.str(name),
            Place::Members => ObjectRecorder(self.writer).member(name, &()),
        }
    }

    /// Writes a number.
    pub(super) fn number(self, number: impl std::fmt::Display) {
        self.scalar(|writer| writer.number(number));
    }

    /// Writes what is JSON already and must not be cut.
    pub(super) fn whole(self, json: &str) {
        self.scalar(|writer| writer.whole(json));
    }

    pub(super) fn hash_key(&self) -> &HashKey {
        self.writer.hash_key()
    }
}

/// The elements of an array.
#[derive(Debug)]
pub struct ArrayRecorder<'a>(&'a mut Writer);

impl ArrayRecorder<'_> {
    /// Adds an element.
    pub fn element<V: Record + ?Sized>(&mut self, value: &V) {
        if self.0.begin_element() {
            self.0.value(value);
        }
    }

    /// Adds elements as long as there is room.
    pub fn extend<'v, V: Record + ?Sized + 'v>(&mut self, values: impl IntoIterator<Item = &'v V>) {
        for value in values {
            self.element(value);
            if self.0.is_cut() {
                break;
            }
        }
    }
}

/// The members of an object.
#[derive(Debug)]
pub struct ObjectRecorder<'a>(&'a mut Writer);

impl ObjectRecorder<'_> {
    /// Adds a member.
    pub fn member<V: Record + ?Sized>(&mut self, key: &str, value: &V) {
        if self.0.begin_member(key) {
            self.0.value(value);
        }
    }

    /// Adds a member whose value `write` writes.
    pub fn member_with(&mut self, key: &str, write: impl FnOnce(Recorder<'_>)) {
        if self.0.begin_member(key) {
            self.0.value_with(write);
        }
    }

    /// Adds the members of `value`, if it writes an object, and else nothing.
    pub fn flatten<V: Record + ?Sized>(&mut self, value: &V) {
        value.record(Recorder {
            writer: self.0,
            place: Place::Members,
        });
    }

    /// Adds the entries of a map as long as there is room.
    pub(super) fn extend<'m, K: MapKey + ?Sized + 'm, V: Record + ?Sized + 'm>(
        &mut self,
        entries: impl IntoIterator<Item = (&'m K, &'m V)>,
    ) {
        for (key, value) in entries {
            self.member(key.text().as_str(), value);
            if self.0.is_cut() {
                break;
            }
        }
    }
}
