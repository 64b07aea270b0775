//! Nanoseconds and allocations, measured in the scenario's own process.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Calls before anything is measured: tables are filled and thread-locals made by the first ones.
const WARM_UP: u32 = 1_000;
const ROUNDS: usize = 3;
const BATCHES: usize = 300;
/// Long enough for the clock not to matter, short enough to fit between two interruptions.
const BATCH: Duration = Duration::from_micros(100);
const COUNTED: u32 = 100;

/// What a call takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) nanoseconds: f64,
    pub(crate) allocations: f64,
}

/// Measures a call.
pub(crate) fn measure(call: &mut dyn FnMut()) -> Measured {
    // The counting allocator does less when told not to count.
    let mut best = f64::NAN;
    allocation_counter::opt_out(|| best = nanoseconds(call));
    let counted = allocation_counter::measure(|| repeat(call, COUNTED));
    let allocations = u32::try_from(counted.count_total).map_or(f64::NAN, f64::from);
    Measured {
        nanoseconds: best,
        allocations: allocations / f64::from(COUNTED),
    }
}

/// The best round's median batch.
fn nanoseconds(call: &mut dyn FnMut()) -> f64 {
    repeat(call, WARM_UP);
    // Doubled until it is long enough.
    let mut size = 1;
    while size < 1 << 20 && timed(call, size) < BATCH {
        size *= 2;
    }
    (0..ROUNDS)
        .map(|_| {
            let mut batches: Vec<Duration> = (0..BATCHES).map(|_| timed(call, size)).collect();
            batches.sort();
            batches[BATCHES / 2].as_secs_f64() * 1e9 / f64::from(size)
        })
        .fold(f64::INFINITY, f64::min)
}

/// How long a batch of `size` calls takes.
fn timed(call: &mut dyn FnMut(), size: u32) -> Duration {
    let started = Instant::now();
    repeat(call, size);
    started.elapsed()
}

/// Calls `times` times.
pub(crate) fn repeat(call: &mut dyn FnMut(), times: u32) {
    for _ in 0..times {
        call();
    }
}

/// As the scenario's process prints it.
impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.nanoseconds, self.allocations)
    }
}

impl FromStr for Measured {
    type Err = String;

    fn from_str(printed: &str) -> Result<Self, String> {
        let fields: Vec<f64> = printed
            .split_whitespace()
            .filter_map(|field| field.parse().ok())
            .collect();
        match fields[..] {
            [nanoseconds, allocations] => Ok(Self {
                nanoseconds,
                allocations,
            }),
            _ => Err(format!("not a measurement: {printed}")),
        }
    }
}
