use mcp_observe_invariants::scrubber::{check, check_planted, check_with_pattern};
use proptest::prelude::*;

use crate::input::{cases, text};

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_comes_out_is_bounded_one_line_and_at_rest(text in text()) {
        check(&text);
    }

    #[test]
    fn no_secret_is_left_between_any_texts(before in text(), after in text()) {
        check_planted(&before, &after);
    }

    #[test]
    fn patterns_of_ones_own_change_nothing_of_that(
        pattern in prop_oneof!["[a-z.*+?\\[\\]()|^$\\\\{}0-9]{1,12}", "[a-zé\\[\\]]{1,3}"],
        text in text(),
    ) {
        check_with_pattern(&pattern, &text);
    }
}
