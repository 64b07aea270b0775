//! What a detector holds at most.

mod log;

use log::NOON;
use mcp_observe_detect::{Config, Detector, Timestamp};

/// For each key that a rule may tell apart, with every rule at its limits.
const PER_KEY: u64 = 9 * 1_024;

/// A call that every rule has something to remember of.
fn line(number: u64, actor: u64, micros: i64) -> String {
    let time = Timestamp::from_micros(micros);
    format!(
        "{{\"timestamp\":\"{time}\",\"schema.version\":\"1.0\",\"event.category\":\"mcp.tool_call\",\
         \"mcp.tool.name\":\"search\",\"mcp.tool.tags\":[\"source\",\"sensitive\"],\
         \"mcp.unknown.hash\":\"{number:016x}\",\"usr.id\":\"somebody-{actor}\",\"mcp.session.id\":\"{actor}\",\
         \"mcp.client.name\":\"agent/{number}\",\"network.client.ip\":\"10.{}.{}.{}\",\"http.status\":200,\
         \"status\":\"success\",\"trace_id\":\"{:032x}\"}}",
        actor >> 16 & 255,
        actor >> 8 & 255,
        actor & 255,
        number + 1,
    )
}

/// It is always night, and nothing is held back.
fn detector(capacity: u32) -> Detector {
    let config = format!(
        "capacity = {capacity}\nallowance = \"0s\"\n[night-volume]\nfrom = \"00:00\"\nto = \"00:00\"\n"
    );
    Detector::new(Config::from_toml(&config).expect(&config))
}

#[test]
fn a_detector_at_its_limits_holds_so_much_for_each_key() {
    let capacity = 256;
    let mut detector = detector(capacity);
    let info = allocation_counter::measure(|| {
        // Everybody is at the ceiling at once, as somebody else each time, and after hours of it.
        let mut number = 0;
        for round in 0..3 {
            let begin = (NOON + round * 7_200) * 1_000_000;
            for step in 0..620 {
                for actor in 0..u64::from(capacity) {
                    let line = line(number, actor, begin + step * 400_000);
                    number += 1;
                    detector
                        .observe_line(line.as_bytes(), &mut |_| ())
                        .expect("an event");
                }
            }
        }
    });
    // And not much less: the bound is one that says something.
    let held = info.bytes_max / u64::from(capacity);
    assert!(
        (PER_KEY / 2..=PER_KEY).contains(&held),
        "{held} bytes a key"
    );
}

#[test]
fn memory_is_flat_however_many_there_are() {
    let mut detector = detector(1_024);
    let mut number = 0;
    let mut flood = |events: u64| {
        allocation_counter::measure(|| {
            for _ in 0..events {
                // More new actors than can be told apart in any window.
                let micros = NOON * 1_000_000 + i64::try_from(number).expect("few") * 20_000;
                let line = line(number, number, micros);
                number += 1;
                detector
                    .observe_line(line.as_bytes(), &mut |_| ())
                    .expect("an event");
            }
        })
    };
    let first = flood(100_000);
    let second = flood(200_000);
    assert!(first.bytes_current > 0);
    assert!(
        second.bytes_current <= first.bytes_current / 50,
        "{} bytes, then {} more",
        first.bytes_current,
        second.bytes_current
    );
}
