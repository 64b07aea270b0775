use mcp_observe_invariants::trace_context::check;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::input::{cases, object, text};

/// Valid ones, those that are nearly, and anything.
fn traceparent() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]",
        2 => "(00|01|cc|ff|0)-?[0-9a-fA-F]{31,33}-[0-9a-fg]{15,17}[-0][0-9a-f]{1,3}(-[a-f0-9]{0,220})?",
        1 => "00-0{32}-[0-9a-f]{16}-01|00-[0-9a-f]{32}-0{16}-01",
        1 => text(),
    ]
}

fn tracestate() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]{1,8}=[!-~&&[^,=]]{1,12}(,[a-z]{1,8}@[a-z]{1,5}=[a-z]{1,9}){0,3}",
        "[a-z0-9@=, ]{0,600}",
        text(),
    ]
}

fn baggage() -> impl Strategy<Value = String> {
    prop_oneof![
        "(tenant=[a-z%0-9]{0,9}|user=1|x|;|=){0,3}(,tenant=b;p=1)?",
        text()
    ]
}

fn meta() -> impl Strategy<Value = Map<String, Value>> {
    let keys = &["traceparent", "tracestate", "baggage", "progressToken"];
    let sent = (
        prop::option::of(traceparent()),
        prop::option::of(tracestate()),
        prop::option::of(baggage()),
    );
    (object(keys), sent).prop_map(|(mut meta, (parent, state, baggage))| {
        let sent = [
            ("traceparent", parent),
            ("tracestate", state),
            ("baggage", baggage),
        ];
        for (key, value) in sent {
            meta.extend(value.map(|value| (key.to_owned(), Value::from(value))));
        }
        meta
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn it_is_read_as_the_propagator_reads_it(meta in meta()) {
        check(&meta);
    }
}
