//! Numbers that a check digit tells from others: payment cards and IBANs; and social security numbers.

use std::ops::Range;

use regex::Captures;

/// How the digits of cards are grouped in print.
const GROUPINGS: [&[usize]; 5] = [
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 3],
    &[4, 6, 5],
    &[4, 6, 4],
    &[6, 13],
];

/// Cards in a run of digits with separators: the whole run however it is grouped, each group, and the
/// groups in it that are like those on a card.
pub(super) fn cards(text: &str, run: &Captures<'_>) -> Vec<Range<usize>> {
    let run = run.get_match().range();
    if in_uuid(text, &run) {
        return Vec::new();
    }
    let groups = groups(text, run.clone());
    let mut cards = Vec::new();
    let mut add = |range: Range<usize>| {
        if is_apart(text, &range) && is_card(&text[range.clone()]) {
            cards.push(range);
        }
    };
    if has_one_separator(&text[run.clone()]) {
        add(run);
    }
    for (index, group) in groups.iter().enumerate() {
        add(group.clone());
        for grouping in GROUPINGS {
            let Some(candidate) = groups.get(index..index + grouping.len()) else {
                continue;
            };
            if candidate
                .iter()
                .map(Range::len)
                .eq(grouping.iter().copied())
            {
                add(group.start..candidate[candidate.len() - 1].end);
            }
        }
    }
    cards
}

fn groups(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for at in run.filter(|at| text.as_bytes()[*at].is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// Not the two dates of a period, for example.
fn has_one_separator(run: &str) -> bool {
    !(run.contains(' ') && run.contains('-'))
}

fn is_card(text: &str) -> bool {
    let digits = text
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|b| u32::from(b - b'0'));
    let digits: Vec<u32> = digits.collect();
    // No network issues 0, and 1 would take a tenth of all times in milliseconds with it.
    if !(13..=19).contains(&digits.len()) || digits[0] < 2 {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(
            |(index, digit)| match digit * (1 + u32::from(index % 2 == 1)) {
                doubled @ 10.. => doubled - 9,
                digit => digit,
            },
        )
        .sum();
    sum.is_multiple_of(10)
}

/// Social security numbers, without those that are never given out.
pub(super) fn ssn(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let range = found.get_match().range();
    let number = &text[range.clone()];
    let (area, group, serial) = (&number[..3], &number[4..6], &number[7..]);
    let never = matches!(area, "000" | "666") || area >= "900" || group == "00" || serial == "0000";
    let joined = text[..range.start].ends_with('-') || text[range.end..].starts_with('-');
    if never || joined || !is_apart(text, &range) {
        return Vec::new();
    }
    vec![range]
}

/// An IBAN at the start of a run of capitals and digits.
pub(super) fn iban(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let run = found.name("s").map(|run| run.range()).unwrap_or_default();
    (run.start + 15..=run.end)
        .rev()
        .map(|end| run.start..end)
        .find(|range| is_apart(text, range) && is_iban(&text[range.clone()]))
        .into_iter()
        .collect()
}

fn is_iban(text: &str) -> bool {
    let compact: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let ends_well = text.ends_with(|c: char| c.is_ascii_alphanumeric());
    if !(15..=34).contains(&compact.len()) || !ends_well {
        return false;
    }
    let (start, rest) = compact.split_at(4);
    let remainder = rest.iter().chain(start).fold(0, |remainder, b| match b {
        b'0'..=b'9' => (remainder * 10 + u32::from(b - b'0')) % 97,
        _ => (remainder * 100 + u32::from(b - b'A') + 10) % 97,
    });
    remainder == 1
}

/// Whether it is no part of a longer number or word, nor the decimals of a fraction.
fn is_apart(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let escape = ["\\n", "\\r", "\\t"]
        .iter()
        .any(|escape| before.ends_with(escape));
    let is_digit = |c: char| c.is_ascii_digit();
    let decimals = before
        .strip_suffix('.')
        .is_some_and(|before| before.ends_with(is_digit))
        || after
            .strip_prefix('.')
            .is_some_and(|after| after.starts_with(is_digit));
    let is_word = |c: char| c.is_ascii_alphanumeric();
    (escape || !before.ends_with(is_word)) && !after.starts_with(is_word) && !decimals
}

fn in_uuid(text: &str, range: &Range<usize>) -> bool {
    let is_part = |b: &u8| b.is_ascii_hexdigit() || *b == b'-';
    let bytes = text.as_bytes();
    let before = bytes[..range.start]
        .iter()
        .rev()
        .take(36)
        .take_while(|b| is_part(b))
        .count();
    let after = bytes[range.end..]
        .iter()
        .take(36)
        .take_while(|b| is_part(b))
        .count();
    let around = &bytes[range.start - before..range.end + after];
    around.len() == 36 && [8, 13, 18, 23].iter().all(|at| around[*at] == b'-')
}
