//! Options, sequences, maps and tuples of values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use super::key::MapKey;
use super::{Record, Recorder};

/// `None` is `null`.
impl<T: Record> Record for Option<T> {
    fn record(&self, recorder: Recorder<'_>) {
        match self {
            Some(value) => value.record(recorder),
            None => recorder.null(),
        }
    }
}

macro_rules! sequences {
    ($([$($generics:tt)*] $sequence:ty),* $(,)?) => {$(
        impl<T: Record, $($generics)*> Record for $sequence {
            fn record(&self, recorder: Recorder<'_>) {
                recorder.array(|array| array.extend(self));
            }
        }
    )*};
}

sequences!(
    [] [T],
    [const N: usize] [T; N],
    [] Vec<T>,
    [] VecDeque<T>,
    [S] HashSet<T, S>,
    [] BTreeSet<T>,
);

impl<K: MapKey, V: Record, S> Record for HashMap<K, V, S> {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.object(|object| object.extend(self));
    }
}

impl<K: MapKey, V: Record> Record for BTreeMap<K, V> {
    fn record(&self, recorder: Recorder<'_>) {
        recorder.object(|object| object.extend(self));
    }
}

macro_rules! tuples {
    ($(($($element:ident)*))*) => {$(
        impl<$($element: Record),*> Record for ($($element,)*) {
            fn record(&self, recorder: Recorder<'_>) {
                #[expect(non_snake_case, reason = "a variable for each type parameter")]
                let ($($element,)*) = self;
                recorder.array(|array| {
                    $(array.element($element);)*
                });
            }
        }
    )*};
}

tuples!((A)(A B)(A B C)(A B C D)(A B C D E)(A B C D E F));
