//! Synthetic security logs: what a busy server writes, the same one in every run.

use std::io::Write;

const USERS: u64 = 2_000;
const TOOLS: u64 = 20;
/// Events a second of event time: a million take more than the hour after which rates have a baseline.
const RATE: u64 = 250;

/// 2026-11-24T00:00:00Z, in microseconds.
const START: i64 = 1_795_478_400_000_000;
/// How far an event may be written behind the newest one, in microseconds.
const DELAY: u64 = 2_000_000;

/// Makes events, the next ones each time.
#[derive(Debug)]
pub(crate) struct Events {
    made: u64,
    random: u64,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self { made: 0, random: 6 }
    }

    /// Appends the lines of `number` events.
    pub(crate) fn write(&mut self, number: u64, lines: &mut Vec<u8>) {
        for _ in 0..number {
            self.write_one(lines);
        }
    }

    fn write_one(&mut self, line: &mut Vec<u8>) {
        let mut at = START + i64::try_from(self.made * 1_000_000 / RATE).unwrap_or(i64::MAX);
        self.made += 1;
        // Some were slower than those that ended after them.
        if self.below(20) == 0 {
            at -= i64::try_from(self.below(DELAY)).unwrap_or(0);
        }
        let at = jiff::Timestamp::from_microsecond(at).expect("it is in range");
        // A few users do most of it, and all do something: after a million events each has called each
        // tool, and what is remembered grows no further.
        let mut user = self.below(USERS);
        let mut tool = self.below(TOOLS);
        if self.below(2) == 0 {
            user = user.min(self.below(USERS)).min(self.below(USERS));
            tool = tool.min(self.below(TOOLS));
        }
        let kind = self.below(1_000);
        let (category, http, status) = match kind {
            0 => ("mcp.auth", 401, r#""error","error.kind":"401""#),
            1..3 => ("mcp.tool_call", 404, r#""error","error.kind":"-32602""#),
            3..30 => ("mcp.tool_call", 500, r#""error","error.kind":"tool_error""#),
            _ => ("mcp.tool_call", 200, r#""success""#),
        };
        let tool = match kind {
            0 => String::new(),
            1..3 => format!(
                r#","mcp.tool.name":"_OTHER","mcp.unknown.hash":"{:016x}""#,
                self.below(50)
            ),
            _ => format!(r#","mcp.tool.name":"tool_{tool}"{}"#, tags(tool)),
        };
        let (milliseconds, trace, span) = (self.below(500), self.next(), self.next());
        writeln!(
            line,
            "{{\"timestamp\":\"{at:.6}\",\"schema.version\":\"1.0\",\
             \"event.category\":\"{category}\",\"mcp.method.name\":\"tools/call\"{tool},\
             \"usr.id\":\"user-{user}@example.com\",\
             \"mcp.session.id\":\"5f2c1d0e-8f1b-4c55-9d2e-{user:012x}\",\
             \"mcp.client.name\":\"example-agent\",\"network.client.ip\":\"10.0.{}.{}\",\
             \"http.status\":{http},\"duration_ms\":{milliseconds}.125,\"status\":{status},\
             \"trace_id\":\"{trace:032x}\",\"span_id\":\"{span:016x}\"}}",
            user >> 8,
            user & 255,
        )
        .expect("memory can be written to");
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn tags(tool: u64) -> &'static str {
    match tool {
        15 => r#","mcp.tool.tags":["source"]"#,
        18 => r#","mcp.tool.tags":["sink"]"#,
        19 => r#","mcp.tool.tags":["sensitive"]"#,
        _ => "",
    }
}
