//! Pointers are the values that they point to.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Record, Recorder};

macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Record + ?Sized> Record for $pointer {
            fn record(&self, recorder: Recorder<'_>) {
                (**self).record(recorder);
            }
        }
    )*};
}

pointers!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl<T: Record + ToOwned + ?Sized> Record for Cow<'_, T> {
    fn record(&self, recorder: Recorder<'_>) {
        (**self).record(recorder);
    }
}
