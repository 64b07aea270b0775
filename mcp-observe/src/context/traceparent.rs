//! Reading the `traceparent` that nearly every caller sends, without the allocations that the SDK's
//! propagator makes of it.

use std::str::FromStr as _;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// Length of a `traceparent` of version 00: `00-{trace id}-{span id}-{flags}`.
const LENGTH: usize = 55;

/// Reads a `traceparent` of version 00 in its usual form, with no other flag than whether the trace is
/// sampled. What is anything else, in whatever way, is left to the propagator: none. The `tracestate` that
/// comes with it is read as the propagator does, which ignores a malformed one.
pub(crate) fn parse(traceparent: &str, tracestate: Option<&str>) -> Option<SpanContext> {
    let bytes: &[u8; LENGTH] = traceparent.as_bytes().try_into().ok()?;
    if bytes[..3] != *b"00-" || bytes[35] != b'-' || bytes[52] != b'-' {
        return None;
    }
    let flags = match &bytes[53..] {
        b"00" => TraceFlags::NOT_SAMPLED,
        b"01" => TraceFlags::SAMPLED,
        _ => return None,
    };
    let trace = TraceId::from(hex(&bytes[3..35])?);
    let span = SpanId::from(u64::try_from(hex(&bytes[36..52])?).ok()?);
    if trace == TraceId::INVALID || span == SpanId::INVALID {
        return None;
    }
    let state = tracestate.map(TraceState::from_str);
    let state = state.and_then(Result::ok).unwrap_or_default();
    Some(SpanContext::new(trace, span, flags, true, state))
}

/// Reads lower-case hexadecimal digits, a multiple of eight and at most 32.
fn hex(digits: &[u8]) -> Option<u128> {
    let (words, _) = digits.as_chunks();
    words.iter().try_fold(0, |read, word| {
        Some(read << 32 | u128::from(hex_word(*word)?))
    })
}

/// Reads eight of them at once, a byte of a word for each, which takes half the time that a table does.
fn hex_word(digits: [u8; 8]) -> Option<u32> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let digits = u64::from_be_bytes(digits);
    let is_letter = digits >> 6 & EACH;
    let values = (digits & (0xF * EACH)) + 9 * is_letter;
    // Written again they are the same, unless they were no such digits.
    let is_ten = (values + 6 * EACH) >> 4 & EACH;
    let again = values + u64::from(b'0') * EACH + u64::from(b'a' - b'0' - 10) * is_ten;
    let pairs = (values | values >> 4) & 0x00FF_00FF_00FF_00FF;
    let quads = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
    let [.., a, b, c, d] = (quads | quads >> 16).to_be_bytes();
    let are_digits = again == digits && values & (0xF0 * EACH) == 0;
    are_digits.then_some(u32::from_be_bytes([a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::str::FromStr as _;

    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::TraceContextExt;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use proptest::prelude::*;

    use super::{SpanContext, TraceState};

    fn parse(traceparent: &str) -> Option<SpanContext> {
        super::parse(traceparent, None)
    }

    fn by_the_propagator(traceparent: &str) -> Option<SpanContext> {
        both_by_the_propagator(traceparent, None)
    }

    /// What the SDK's propagator makes of it.
    fn both_by_the_propagator(traceparent: &str, tracestate: Option<&str>) -> Option<SpanContext> {
        let mut carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
        carrier.extend(tracestate.map(|it| ("tracestate".to_owned(), it.to_owned())));
        let context = TraceContextPropagator::new().extract(&carrier);
        let span = context.span().span_context().clone();
        span.is_valid().then_some(span)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The usual form is read, and as the propagator reads it.
        #[test]
        fn the_usual_form_is_read(value in "00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]") {
            prop_assume!(by_the_propagator(&value).is_some());
            prop_assert_eq!(parse(&value), by_the_propagator(&value));
        }

        /// Whatever is read, the propagator reads the same.
        #[test]
        fn nothing_is_read_that_the_propagator_does_not(
            value in "(00|01|ff|0)-?[0-9a-fA-F]{31,33}-[0-9a-fg]{15,17}[-0][0-9a-f]{1,3}",
        ) {
            if let Some(context) = parse(&value) {
                prop_assert_eq!(Some(context), by_the_propagator(&value));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A `tracestate` is read as the propagator reads it, well-formed or not.
        #[test]
        fn a_tracestate_is_read_as_the_propagator_reads_it(
            traceparent in "00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]",
            tracestate in prop_oneof![
                "([a-z][a-z0-9_*/-]{0,8}(@[a-z]{1,4})?=[!-+.-<>-~]{0,8}[ \t]?,?[ \t]?){0,40}",
                "[ -~]{0,80}",
                any::<String>(),
            ],
        ) {
            let state = Some(tracestate.as_str());
            let by_the_propagator = both_by_the_propagator(&traceparent, state);
            prop_assume!(by_the_propagator.is_some());
            prop_assert_eq!(super::parse(&traceparent, state), by_the_propagator);
        }
    }

    #[test]
    fn a_tracestate_is_kept() {
        let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let context = super::parse(traceparent, Some("a=b, c=d")).expect("it is well-formed");
        let expected = TraceState::from_str("a=b,c=d").expect("it is well-formed");
        assert_eq!(context.trace_state(), &expected);
    }

    /// Whatever place of its word it stands in.
    #[test]
    fn no_other_character_is_a_digit() {
        for character in '\0'..='\u{FF}' {
            for place in 0..8 {
                let mut digits = "b7ad6b7169203331".to_owned();
                digits.replace_range(place..=place, character.encode_utf8(&mut [0; 4]));
                let value = format!("00-0af7651916cd43dd8448eb211c80319c-{digits}-01");
                let is_digit = matches!(character, '0'..='9' | 'a'..='f');
                assert_eq!(parse(&value).is_some(), is_digit, "{value}");
                assert!(
                    !is_digit || parse(&value) == by_the_propagator(&value),
                    "{value}"
                );
            }
        }
    }

    #[test]
    fn what_is_invalid_is_left_to_the_propagator() {
        for value in [
            "",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
