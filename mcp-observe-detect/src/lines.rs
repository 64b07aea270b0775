//! Bytes cut into lines, wherever the pieces that they come in end.

use memchr::memchr;

use crate::LONGEST_LINE;

/// Cuts a stream of bytes into lines.
///
/// What is kept between two pieces is bounded: of a line that is longer than [`LONGEST_LINE`] one byte
/// more than that is handed on, which is enough for it to be refused.
///
/// ```
/// use mcp_observe_detect::Lines;
///
/// let mut lines = Lines::new();
/// let mut seen = Vec::new();
/// lines.push(b"one\ntw", |line| seen.push(line.to_vec()));
/// lines.push(b"o\nthree", |line| seen.push(line.to_vec()));
/// lines.end(|line| seen.push(line.to_vec()));
/// assert_eq!(seen, [&b"one"[..], b"two", b"three"]);
/// ```
#[derive(Debug, Default)]
pub struct Lines {
    /// What came of a line that has not ended.
    begun: Vec<u8>,
}

impl Lines {
    /// Nothing has come yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece, and hands on each line that is complete with it, without its `\n` or
    /// `\r\n`. Empty lines are handed on as well.
    pub fn push(&mut self, mut piece: &[u8], mut line: impl FnMut(&[u8])) {
        while let Some(end) = memchr(b'\n', piece) {
            let last = &piece[..end];
            piece = &piece[end + 1..];
            if self.begun.is_empty() {
                line(bounded(without_return(last)));
            } else {
                self.keep(last);
                line(without_return(&self.begun));
                self.begun.clear();
            }
        }
        self.keep(piece);
    }

    /// Nothing more comes: hands on what is there of a line that has no end, if anything is.
    pub fn end(&mut self, mut line: impl FnMut(&[u8])) {
        if !self.begun.is_empty() {
            line(without_return(&self.begun));
            self.begun.clear();
        }
    }

    fn keep(&mut self, piece: &[u8]) {
        let room = (LONGEST_LINE + 1).saturating_sub(self.begun.len());
        self.begun
            .extend_from_slice(&piece[..piece.len().min(room)]);
    }
}

fn bounded(line: &[u8]) -> &[u8] {
    &line[..line.len().min(LONGEST_LINE + 1)]
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST_LINE, Lines};

    fn cut(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let (mut lines, mut cut) = (Lines::new(), Vec::new());
        for piece in pieces {
            lines.push(piece, |line| cut.push(line.to_vec()));
        }
        lines.end(|line| cut.push(line.to_vec()));
        cut
    }

    proptest! {
        #[test]
        fn lines_are_the_same_however_they_are_cut_into_pieces(
            lines in prop::collection::vec("[a-z]{0,9}", 0..9),
            at in prop::collection::vec(0_usize..90, 0..9),
        ) {
            let whole: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            let mut at: Vec<usize> = at.into_iter().map(|at| at.min(whole.len())).collect();
            at.extend([0, whole.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|it| &whole.as_bytes()[it[0]..it[1]]).collect();
            let expected: Vec<Vec<u8>> = lines.iter().map(|line| line.clone().into_bytes()).collect();
            prop_assert_eq!(cut(&pieces), expected);
        }
    }

    #[test]
    fn lines_may_end_as_on_windows_and_the_last_one_not_at_all() {
        assert_eq!(
            cut(&[b"one\r", b"\n\r\ntwo\r\nthree"]),
            [&b"one"[..], b"", b"two", b"three"]
        );
    }

    #[test]
    fn of_a_line_without_end_no_more_is_kept_than_shows_that_it_is_too_long() {
        let endless = vec![b'x'; 3 * LONGEST_LINE];
        for pieces in [
            &[&endless[..], b"\nnext\n"][..],
            &[&endless, &endless, b"\nnext\n"],
        ] {
            let cut = cut(pieces);
            assert_eq!(cut[0].len(), LONGEST_LINE + 1);
            assert_eq!(&cut[1..], [b"next"]);
        }
    }
}
