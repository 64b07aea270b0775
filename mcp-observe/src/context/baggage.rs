//! The entries of a caller's baggage that the SDK's propagator can read. One that it cannot makes it
//! log the whole header, at a level that is on by default; and that header is the caller's.

use std::borrow::Cow;

/// The header without the entries that are malformed.
pub(crate) fn readable(header: &str) -> Cow<'_, str> {
    if header.split(',').all(is_readable) {
        return header.into();
    }
    let entries: Vec<&str> = header.split(',').filter(|it| is_readable(it)).collect();
    entries.join(",").into()
}

/// Whether an entry has a name and a value, and both are texts.
fn is_readable(entry: &str) -> bool {
    let pair = entry.split(';').next().unwrap_or_default();
    let mut parts = pair.split('=');
    matches!((parts.next(), parts.next()), (Some(name), Some(value)) if is_text(name) && is_text(value))
}

/// Whether what is percent-encoded is UTF-8.
fn is_text(encoded: &str) -> bool {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if let [b'%', high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            bytes.push(high << 4 | low);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn what_is_well_formed_stays_as_it_is() {
        for header in ["a=b", "a=%C3%A9;p=1, b = c", "a=100%,b=%zz", "a="] {
            assert_eq!(readable(header), header);
        }
    }

    #[test]
    fn what_is_malformed_is_left_out() {
        for (header, kept) in [
            ("", ""),
            ("a", ""),
            ("a=b,", "a=b"),
            ("secret,a=b,a;b=c", "a=b"),
            ("a=%FF,b=c,%C3=d,e=%ed%a0%80", "b=c"),
        ] {
            assert_eq!(readable(header), kept);
        }
    }
}
