//! Reading the `traceparent` that nearly every caller sends, without the allocations that the SDK's
//! propagator makes of it.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// Length of a `traceparent` of version 00: `00-{trace id}-{span id}-{flags}`.
const LENGTH: usize = 55;

/// Reads a `traceparent` of version 00 in its usual form, with no other flag than whether the trace is
/// sampled. What is anything else, in whatever way, is left to the propagator: none.
pub(crate) fn parse(value: &str) -> Option<SpanContext> {
    let bytes: &[u8; LENGTH] = value.as_bytes().try_into().ok()?;
    if bytes[..3] != *b"00-" || bytes[35] != b'-' || bytes[52] != b'-' {
        return None;
    }
    let [flags] = hex::<1>(&bytes[53..])?;
    if flags > TraceFlags::SAMPLED.to_u8() {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_bytes(hex(&bytes[3..35])?),
        SpanId::from_bytes(hex(&bytes[36..52])?),
        TraceFlags::new(flags),
        true,
        TraceState::NONE,
    );
    context.is_valid().then_some(context)
}

/// Reads lower-case hexadecimal digits, two a byte.
fn hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    const NONE: u8 = 0xFF;
    const VALUES: [u8; 256] = {
        let mut values = [NONE; 256];
        let mut value = 0;
        while value < 16 {
            values[b"0123456789abcdef"[value as usize] as usize] = value;
            value += 1;
        }
        values
    };
    let mut bytes = [0; N];
    let mut seen = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        seen |= high | low;
        *byte = high << 4 | low & 0xF;
    }
    (seen < 16).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::TraceContextExt;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use proptest::prelude::*;

    use super::*;

    /// What the SDK's propagator makes of it.
    fn by_the_propagator(value: &str) -> Option<SpanContext> {
        let carrier = HashMap::from([("traceparent".to_owned(), value.to_owned())]);
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
