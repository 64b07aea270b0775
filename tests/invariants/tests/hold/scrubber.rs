use mcp_observe_invariants::scrubber::{check, check_planted, check_with_pattern};
use proptest::prelude::*;

use crate::input::{cases, text};

/// Text with pieces in it that mean something to the patterns, so that one round brings about another.
fn suspicious() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => text(),
        5 => prop::sample::select(vec![
            "password=", "\"token\": ", "\\\"", "\"", "'", "Authorization: ", "Cookie=", "://", "u:p@", "[redacted:jwt]",
            "[redacted:", "]", "eyJ", "4111 1111 1111 1111", "-----BEGIN PRIVATE KEY-----", "secret", "&", ";x=", "{", "(",
            "\\", "<password>", "</", "\u{1b}[31m", "Bearer ", "basic ", " ", "x9",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_comes_out_is_bounded_one_line_and_at_rest(text in suspicious()) {
        check(&text);
    }

    #[test]
    fn no_secret_is_left_between_any_texts(before in suspicious(), after in suspicious()) {
        check_planted(&before, &after);
    }

    #[test]
    fn patterns_of_ones_own_change_nothing_of_that(
        pattern in prop_oneof!["[a-z.*+?\\[\\]()|^$\\\\{}0-9]{1,12}", "[a-zé\\[\\]]{1,3}"],
        text in suspicious(),
    ) {
        check_with_pattern(&pattern, &text);
    }
}
