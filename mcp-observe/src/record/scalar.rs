//! Numbers, texts, and other values without parts.

use std::marker::PhantomData;

use super::{Record, Recorder};

impl Record for bool {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.whole(if *self { "true" } else { "false" });
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl Record for $integer {
            fn record(&self, recorder: Recorder<'_>) {
                recorder.whole(itoa::Buffer::new().format(*self));
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! floats {
    ($($float:ty)*) => {$(
        /// JSON has no infinities and no NaN: they are `null`.
        impl Record for $float {
            fn record(&self, recorder: Recorder<'_>) {
                if self.is_finite() {
                    // `Display` would write a large number's zeros.
                    recorder.number(format_args!("{self:?}"));
                } else {
                    recorder.null();
                }
            }
        }
    )*};
}

floats!(f32 f64);

impl Record for char {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.str(self.encode_utf8(&mut [0; 4]));
    }
}

impl Record for str {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.str(self);
    }
}

impl Record for String {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.str(self);
    }
}

impl Record for () {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.null();
    }
}

impl<T: ?Sized> Record for PhantomData<T> {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.null();
    }
}
