//! Reading single members of JSON objects, of a text that may be cut off anywhere: what comes before
//! that, or before what is malformed, is read all the same.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// Takes the members of an object that it wants.
pub(super) trait Members {
    /// One more; its value has to be read in one of the ways of [`Member`].
    fn member<'de, M: Member<'de>>(&mut self, key: &str, member: M) -> Result<(), M::Error>;
}

/// The value of a member, still to be read.
pub(super) trait Member<'de> {
    type Error;

    fn scalar(self) -> Result<Scalar, Self::Error>;
    /// Its own members, if it is an object.
    fn object<T: Members>(self, members: &mut T) -> Result<(), Self::Error>;
    fn skip(self) -> Result<(), Self::Error>;
}

/// A value, as far as anyone here wants to know.
pub(super) enum Scalar {
    Text(String),
    Integer(i64),
    Other,
}

impl Scalar {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Other => None,
        }
    }
}

/// Reads the object that a text has, as far as there is one.
pub(super) fn read(json: &[u8], members: &mut impl Members) {
    let mut json = serde_json::Deserializer::from_slice(json);
    // Whatever is wrong with it is for whoever handles it to say.
    let _ = Object(members).deserialize(&mut json);
}

/// An object of which each member is given to `Members`.
struct Object<'a, T>(&'a mut T);

impl<'de, T: Members> DeserializeSeed<'de> for Object<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, T: Members> Visitor<'de> for Object<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            self.0.member(&key, &mut map)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        IgnoredAny.visit_seq(seq).map(drop)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

impl<'de, A: MapAccess<'de>> Member<'de> for &mut A {
    type Error = A::Error;

    fn scalar(self) -> Result<Scalar, A::Error> {
        self.next_value()
    }

    fn object<T: Members>(self, members: &mut T) -> Result<(), A::Error> {
        self.next_value_seed(Object(members))
    }

    fn skip(self) -> Result<(), A::Error> {
        self.next_value::<IgnoredAny>().map(drop)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(integer))
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(integer).map_or(Scalar::Other, Scalar::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Scalar, A::Error> {
        IgnoredAny.visit_seq(seq).map(|_| Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
        IgnoredAny.visit_map(map).map(|_| Scalar::Other)
    }
}
