use mcp_observe_invariants::security_log::{Said, check};
use proptest::prelude::*;

use crate::input::{cases, text};

fn session() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[!-~]{0,200}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn one_event_is_one_line_that_reads_back(
        (subject, session, client) in (text(), session(), text()),
        (message, unknown) in (text(), text()),
    ) {
        check(&Said { subject, session, client, message, unknown });
    }
}
