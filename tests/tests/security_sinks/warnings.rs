//! What is lost is told, once.

use super::process::run;

#[test]
fn a_sink_that_fails_is_told_of_once_however_often_it_does() {
    let ended = run("http", "full", &[], &[]);
    let warning = "security events are lost, since the start: 1 that could not be written to writer (no storage space)";
    assert_eq!(ended.warnings(warning), 1, "{}", ended.stderr);
    assert_eq!(
        ended.warnings("security events are lost"),
        1,
        "{}",
        ended.stderr
    );
    let flushes =
        "flush: the last security events could not be written and are lost (no storage space)";
    assert_eq!(ended.warnings(flushes), 3, "{}", ended.stderr);
}
