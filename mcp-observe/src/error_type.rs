//! Errors that say of which class they are: `error.type` on the span, `error_type` on the counter.

use std::convert::Infallible;
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::call::classify::{self, Probe};
use crate::closed::same;
use crate::error_class::ErrorClass;

/// The error of a tool, which knows its classes.
///
/// Derive it: each variant of an enum is a class of its own, by its name in `snake_case`.
/// `#[error_type("…")]` gives it another name, and `#[error_type(transparent)]` passes on the class
/// of the error inside.
///
/// The classes are known to the compiler, so that their series exist at zero from start-up and are
/// counted in the tool's budget. An error type without it has the class `timeout` where it, or a
/// source of it, is tokio's `Elapsed` or an [`io::Error`] that timed out, and else `tool_error`.
///
/// # Example
/// ```
/// use mcp_observe::ErrorType;
///
/// #[derive(Debug, thiserror::Error, ErrorType)]
/// enum WeatherError {
///     #[error("there is no city of that name")]
///     UnknownCity,
///     #[error("the archive took too long")]
///     #[error_type("timeout")]
///     Archive(#[source] std::io::Error),
/// }
///
/// assert_eq!(WeatherError::UnknownCity.error_type(), "unknown_city");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say of which class its errors are",
    label = "its classes are not known",
    note = "derive `mcp_observe::ErrorType` for it, or name one class for all of them: `#[error_type(\"…\")]`"
)]
pub trait ErrorType {
    /// All classes that [`error_type`](Self::error_type) can return.
    const TYPES: ErrorTypes;

    /// The class of this error: one of a few, in `snake_case`, never text that depends on what the
    /// caller sent. One that is not in [`TYPES`](Self::TYPES) has no series until it occurs.
    fn error_type(&self) -> &'static str;
}

/// The classes of an error type, and of the error types inside it.
#[derive(Debug, Clone, Copy)]
pub struct ErrorTypes {
    own: &'static [&'static str],
    inner: &'static [Self],
}

impl ErrorTypes {
    pub(crate) const NONE: Self = Self::new(&[], &[]);

    /// These classes, and those of `inner`.
    #[must_use]
    pub const fn new(own: &'static [&'static str], inner: &'static [Self]) -> Self {
        Self { own, inner }
    }

    /// The class at `index`; none beyond the last one. Some may be there more than once.
    const fn get(&self, mut index: usize) -> Option<&'static str> {
        if index < self.own.len() {
            return Some(self.own[index]);
        }
        index -= self.own.len();
        let mut next = 0;
        while next < self.inner.len() {
            let len = self.inner[next].len();
            if index < len {
                return self.inner[next].get(index);
            }
            index -= len;
            next += 1;
        }
        None
    }

    const fn len(&self) -> usize {
        let mut len = self.own.len();
        let mut next = 0;
        while next < self.inner.len() {
            len += self.inner[next].len();
            next += 1;
        }
        len
    }

    /// The class at `index`, unless every tool has it or it was there before.
    const fn distinct_at(&self, index: usize) -> Option<&'static str> {
        let Some(name) = self.get(index) else {
            return None;
        };
        if ErrorClass::is_common(name) {
            return None;
        }
        let mut before = 0;
        while before < index {
            if let Some(other) = self.get(before)
                && same(name, other)
            {
                return None;
            }
            before += 1;
        }
        Some(name)
    }

    /// How many classes these are besides those that every tool has.
    pub(crate) const fn count(&self) -> usize {
        let mut count = 0;
        let mut index = 0;
        while index < self.len() {
            if self.distinct_at(index).is_some() {
                count += 1;
            }
            index += 1;
        }
        count
    }

    /// Each class once, without those that every tool has.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).filter_map(|index| self.distinct_at(index))
    }
}

/// The classes of whatever a tool's function returns, for the constants of an expansion.
///
/// The inherent constant goes before the trait's wherever its bounds hold, so that a type without
/// classes simply has none.
#[derive(Debug)]
pub struct Returned<T: ?Sized>(PhantomData<T>);

impl<T, E: ErrorType> Returned<Result<T, E>> {
    /// Those of the error.
    pub const TYPES: ErrorTypes = E::TYPES;
}

/// See [`Returned`].
pub trait WithoutTypes {
    /// None.
    const TYPES: ErrorTypes = ErrorTypes::NONE;
}

impl<T: ?Sized> WithoutTypes for Returned<T> {}

/// The classes of the errors that a type has, as the type of what a function returns.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_error_types {
    ($returned:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::errors::WithoutTypes as _;
        <$crate::__private::errors::Returned<$returned>>::TYPES
    }};
}

/// The class of the error inside a transparent one. Where its type has none, the constant of the type
/// around it says so, and one error is enough.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_error_type {
    ($error:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::errors::{OfErrorType as _, OfOther as _};
        (&&$crate::__private::Probe($error)).__mcp_error_type()
    }};
}

/// See [`__mcp_observe_error_type`].
pub trait OfErrorType {
    /// The class.
    fn __mcp_error_type(&self) -> &'static str;
}

impl<E: ErrorType + ?Sized> OfErrorType for &Probe<'_, E> {
    fn __mcp_error_type(&self) -> &'static str {
        self.0.error_type()
    }
}

/// See [`__mcp_observe_error_type`].
pub trait OfOther {
    /// Never called.
    fn __mcp_error_type(&self) -> &'static str;
}

impl<E: ?Sized> OfOther for Probe<'_, E> {
    fn __mcp_error_type(&self) -> &'static str {
        ErrorClass::TOOL_ERROR.as_str()
    }
}

impl ErrorType for Infallible {
    const TYPES: ErrorTypes = ErrorTypes::NONE;

    fn error_type(&self) -> &'static str {
        match *self {}
    }
}

/// `timeout` and `tool_error`.
impl ErrorType for io::Error {
    const TYPES: ErrorTypes = ErrorTypes::new(&["timeout", "tool_error"], &[]);

    fn error_type(&self) -> &'static str {
        classify::of_chain(self).as_str()
    }
}

/// `timeout`.
#[cfg(feature = "tokio")]
impl ErrorType for tokio::time::error::Elapsed {
    const TYPES: ErrorTypes = ErrorTypes::new(&["timeout"], &[]);

    fn error_type(&self) -> &'static str {
        "timeout"
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<E: ErrorType + ?Sized> ErrorType for $pointer {
            const TYPES: ErrorTypes = E::TYPES;

            fn error_type(&self) -> &'static str {
                (**self).error_type()
            }
        }
    )*};
}

forward!(&E, Box<E>, Arc<E>);

#[cfg(test)]
mod tests {
    use super::{ErrorType, ErrorTypes, Returned, WithoutTypes as _};

    const INNER: ErrorTypes = ErrorTypes::new(&["not_found", "timeout"], &[]);
    const OUTER: ErrorTypes = ErrorTypes::new(&["busy", "not_found"], &[INNER, INNER]);

    #[test]
    fn classes_count_once_and_common_ones_not_at_all() {
        assert_eq!(OUTER.count(), 2);
        assert!(OUTER.iter().eq(["busy", "not_found"]));
    }

    #[test]
    fn a_type_without_classes_has_none() {
        const NONE: ErrorTypes = <Returned<Result<u8, String>>>::TYPES;
        const SOME: ErrorTypes = <Returned<Result<u8, std::io::Error>>>::TYPES;
        assert_eq!(NONE.len(), 0);
        assert_eq!(SOME.len(), 2);
    }

    #[test]
    fn pointers_pass_it_on() {
        let error = Box::new(std::io::Error::from(std::io::ErrorKind::TimedOut));
        assert_eq!(error.error_type(), "timeout");
    }
}
