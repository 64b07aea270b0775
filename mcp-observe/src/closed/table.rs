//! Tables that the compiler puts together from others, so that nothing is written in two places.

/// All of `parts`, whose lengths are `N` together.
///
/// # Panics
/// At compile time where they are not.
pub(crate) const fn concat<T: Copy, const N: usize>(parts: &[&[T]]) -> [T; N] {
    let mut all = [parts[0][0]; N];
    let (mut part, mut place) = (0, 0);
    while part < parts.len() {
        let mut index = 0;
        while index < parts[part].len() {
            all[place] = parts[part][index];
            (index, place) = (index + 1, place + 1);
        }
        part += 1;
    }
    assert!(place == N, "there are fewer than the table has room for");
    all
}

/// The texts of a table from something else to texts.
pub(crate) const fn texts<T: Copy, const N: usize>(
    table: &[(T, &'static str); N],
) -> [&'static str; N] {
    let mut texts = [""; N];
    let mut index = 0;
    while index < N {
        texts[index] = table[index].1;
        index += 1;
    }
    texts
}

/// The names of the variants that the `ALL` of an enum has, by its `as_str`: a `&'static` array.
macro_rules! names_of {
    ($variants:ty) => {{
        const NAMES: [&str; <$variants>::ALL.len()] = {
            let mut names = [""; <$variants>::ALL.len()];
            let mut index = 0;
            while index < names.len() {
                names[index] = <$variants>::ALL[index].as_str();
                index += 1;
            }
            names
        };
        &NAMES
    }};
}

pub(crate) use names_of;
