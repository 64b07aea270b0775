//! Keys of maps, as texts.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::rc::Rc;
use std::sync::Arc;

/// A map's key that JSON can have: a string, or an integer, which becomes one.
#[diagnostic::on_unimplemented(
    message = "a map with keys of type `{Self}` cannot be recorded",
    label = "the keys of a recorded map are strings or integers",
    note = "record it whole as serde writes it with `#[record(serde)]`, or use `#[redact]`"
)]
pub trait MapKey {
    /// The key's text.
    fn text(&self) -> KeyText<'_>;
}

#[derive(Debug)]
pub enum KeyText<'a> {
    Str(&'a str),
    Integer(Digits),
}

impl KeyText<'_> {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Str(text) => text,
            Self::Integer(digits) => digits.as_str(),
        }
    }
}

/// The digits of an integer, on the stack.
#[derive(Debug)]
pub struct Digits {
    bytes: [u8; 40],
    len: usize,
}

impl Digits {
    fn of(integer: impl fmt::Display) -> Self {
        let mut digits = Self {
            bytes: [0; 40],
            len: 0,
        };
        // The longest integer, `i128::MIN`, has 40 characters.
        let _ = write!(digits, "{integer}");
        digits
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let place = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl MapKey for str {
    fn text(&self) -> KeyText<'_> {
        KeyText::Str(self)
    }
}

impl MapKey for String {
    fn text(&self) -> KeyText<'_> {
        KeyText::Str(self)
    }
}

macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<K: MapKey + ?Sized> MapKey for $pointer {
            fn text(&self) -> KeyText<'_> {
                (**self).text()
            }
        }
    )*};
}

pointers!(&K, Box<K>, Rc<K>, Arc<K>);

impl<K: MapKey + ToOwned + ?Sized> MapKey for Cow<'_, K> {
    fn text(&self) -> KeyText<'_> {
        (**self).text()
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl MapKey for $integer {
            fn text(&self) -> KeyText<'_> {
                KeyText::Integer(Digits::of(self))
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
