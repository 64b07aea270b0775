#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mcp_observe_invariants::http_layer::hold(input));
