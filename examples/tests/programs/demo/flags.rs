//! What is wrong with the command line or with the ports is said in one line.

use std::net::TcpListener;

use crate::demo::child::Demo;
use crate::process::Ended;

fn assert_refused(demo: &Ended, code: i32, says: &[&str]) {
    assert_eq!(demo.code, Some(code), "{demo:#?}");
    assert_eq!(demo.stdout, "");
    assert_eq!(demo.stderr.lines().count(), 1, "{demo:#?}");
    for word in says {
        assert!(demo.stderr.contains(word), "{word}: {demo:#?}");
    }
}

#[test]
fn an_unknown_flag() {
    assert_refused(&Demo::run(&["--port"], &[]), 2, &["--port", "--help"]);
}

#[test]
fn a_bad_address() {
    let demo = Demo::run(&["--listen", "8000"], &[]);
    assert_refused(&demo, 2, &["--listen", "8000", "invalid socket address"]);
}

#[test]
fn a_missing_address() {
    let demo = Demo::run(&["--once", "--metrics"], &[]);
    assert_refused(&demo, 2, &["--metrics", "value"]);
}

#[test]
fn traffic_that_cannot_be() {
    assert_refused(&Demo::run(&["--traffic=0"], &[]), 2, &["--traffic", "zero"]);
    let both = Demo::run(&["--traffic", "--once"], &[]);
    assert_refused(&both, 2, &["--traffic", "--once"]);
}

#[test]
fn a_busy_port() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let taken = holder.local_addr().expect("it has an address").to_string();

    let server = ["--once", "--listen", &taken, "--metrics", "127.0.0.1:0"];
    assert_refused(&Demo::run(&server, &[]), 1, &[&taken, "--listen ADDR"]);
    let metrics = ["--once", "--metrics", &taken, "--listen", "127.0.0.1:0"];
    assert_refused(&Demo::run(&metrics, &[]), 1, &[&taken, "--metrics ADDR"]);
}

#[test]
fn help_is_no_error() {
    let demo = Demo::run(&["--help"], &[]);
    assert_eq!((demo.code, demo.stderr.as_str()), (Some(0), ""));
    for flag in [
        "--listen <ADDR>",
        "--metrics <ADDR>",
        "--allow-host <NAME>",
        "--once",
        "--traffic[=<CALLS>]",
    ] {
        assert!(demo.stdout.contains(flag), "{flag}: {demo:#?}");
    }
}
