//! Several texts in one input.

/// What texts are cut apart at: no UTF-8 has this byte, so that every character can be in a text.
pub const CUT: u8 = 0xFF;

/// The texts of an input. Those that it does not have are empty, and the last has all the rest. What is no
/// UTF-8 is replaced.
///
/// ```
/// use mcp_observe_invariants::texts;
///
/// assert_eq!(texts::read(b"a\xFFb"), ["a", "b", ""]);
/// assert_eq!(texts::write(["a", "b", ""]), b"a\xFFb\xFF");
/// ```
#[must_use]
pub fn read<const COUNT: usize>(input: &[u8]) -> [String; COUNT] {
    pieces(input).map(|piece| String::from_utf8_lossy(piece).into_owned())
}

/// The same as bytes.
#[must_use]
pub fn pieces<const COUNT: usize>(input: &[u8]) -> [&[u8]; COUNT] {
    let mut pieces = input.splitn(COUNT, |byte| *byte == CUT);
    std::array::from_fn(|_| pieces.next().unwrap_or_default())
}

/// The input that has these texts.
#[must_use]
pub fn write<const COUNT: usize>(texts: [&str; COUNT]) -> Vec<u8> {
    texts.map(str::as_bytes).join(&CUT)
}
