//! The values of a label that are known only at run time: the first so many, and no more.

use std::sync::OnceLock;

use crate::closed::presentable::is_presentable;

/// The first `N` distinct values that occur. Reading takes no lock and allocates nothing; a new value
/// is kept for as long as the process runs.
#[derive(Debug)]
pub struct ValueSet<const N: usize> {
    /// A value's place is its index. A search begins at the value's hash and ends at an empty place.
    values: [OnceLock<Box<str>>; N],
}

impl<const N: usize> ValueSet<N> {
    /// Without values.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            values: [const { OnceLock::new() }; N],
        }
    }

    /// The index of `value`: `N` if there is no place for it, or if it is not fit for a label: longer
    /// than 128 bytes, empty, or with other characters than letters, digits, spaces and `_-./:@`.
    pub fn index(&self, value: &str) -> usize {
        if !is_presentable(value) {
            return N;
        }
        let start = hash(value) % N.max(1);
        for probe in 0..N {
            let index = (start + probe) % N;
            let kept = self.values[index].get_or_init(|| value.into());
            if **kept == *value {
                return index;
            }
        }
        N
    }

    /// The value at `index`, if one has that place.
    pub fn name(&'static self, index: usize) -> Option<&'static str> {
        self.values.get(index)?.get().map(|value| &**value)
    }
}

impl<const N: usize> Default for ValueSet<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// FNV-1a, 32 bits, which fit any `usize` that we run on. Callers that make values collide gain a search through `N` places at most.
fn hash(value: &str) -> usize {
    value.bytes().fold(0x811C_9DC5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }) as usize
}

#[cfg(test)]
mod tests {
    use super::ValueSet;

    #[test]
    fn the_first_values_are_kept() {
        static SET: ValueSet<3> = ValueSet::new();
        let first = ["red", "green", "blue"].map(|value| SET.index(value));
        assert_eq!(
            first
                .iter()
                .map(|index| SET.name(*index))
                .collect::<Vec<_>>(),
            [Some("red"), Some("green"), Some("blue"),]
        );
        for flood in 0..1_000 {
            assert_eq!(SET.index(&format!("team {flood}")), 3);
        }
        assert_eq!(
            ["red", "green", "blue"].map(|value| SET.index(value)),
            first
        );
        assert_eq!(SET.name(3), None);
    }

    #[test]
    fn what_is_not_fit_for_a_label_takes_no_place() {
        static SET: ValueSet<1> = ValueSet::new();
        for unfit in ["", "a\nb", "a\u{202E}b", &"x".repeat(129)] {
            assert_eq!(SET.index(unfit), 1);
        }
        assert_eq!(SET.name(0), None);
        assert_eq!(SET.index("fit"), 0);
    }

    #[test]
    fn racing_threads_agree() {
        static SET: ValueSet<8> = ValueSet::new();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                std::thread::spawn(|| {
                    (0..8)
                        .map(|n| SET.index(&n.to_string()))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let indices: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect();
        assert!(indices.iter().all(|of_thread| of_thread == &indices[0]));
    }
}
