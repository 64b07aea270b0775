//! What processor time a process takes, thread by thread, where the system tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// What a thread is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Serves requests.
    Serving,
    /// Exports spans.
    Exporting,
    /// Writes the security log.
    Writing,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Serving, Self::Exporting, Self::Writing];

    /// By the name that the system knows a thread by: its first 15 bytes.
    fn of(name: &str) -> Self {
        match name.trim_end() {
            "OpenTelemetry.T" | "reqwest-interna" => Self::Exporting,
            "mcp-observe-sec" => Self::Writing,
            _ => Self::Serving,
        }
    }
}

/// The processor time that each thread of a process has taken since it began.
#[derive(Debug, Clone, Default)]
pub struct Threads(BTreeMap<String, (Task, Duration)>);

impl Threads {
    /// Those of the process with this id, to the nanosecond; none where there is no `/proc`.
    #[must_use]
    pub fn of(process: u32) -> Self {
        let entries = fs::read_dir(format!("/proc/{process}/task"));
        let paths = entries.into_iter().flatten().flatten();
        let threads = paths.filter_map(|entry| {
            let id = entry.file_name().to_string_lossy().into_owned();
            Some((id, thread(&entry.path())?))
        });
        Self(threads.collect())
    }

    /// What was taken since `before`, by all threads with this task. A thread that has ended since is left out.
    #[must_use]
    pub fn since(&self, before: &Self, task: Task) -> Duration {
        let threads = self.0.iter().filter(|(_, (of, _))| *of == task);
        threads
            .map(|(id, (_, now))| {
                let then = before.0.get(id).map_or(Duration::ZERO, |(_, time)| *time);
                now.saturating_sub(then)
            })
            .sum()
    }

    /// Waits until the process does nothing more, or for a second at most.
    #[must_use]
    pub fn at_rest(process: u32) -> Self {
        let deadline = Instant::now() + Duration::from_secs(1);
        let mut before = Self::of(process);
        loop {
            std::thread::sleep(Duration::from_millis(2));
            let now = Self::of(process);
            let moved: Duration = Task::ALL.map(|task| now.since(&before, task)).iter().sum();
            if moved.is_zero() || Instant::now() > deadline {
                return now;
            }
            before = now;
        }
    }
}

/// A thread may end while it is looked at.
fn thread(path: &Path) -> Option<(Task, Duration)> {
    let name = fs::read_to_string(path.join("comm")).ok()?;
    let statistics = fs::read_to_string(path.join("schedstat")).ok()?;
    let nanoseconds = statistics.split_whitespace().next()?.parse().ok()?;
    Some((Task::of(&name), Duration::from_nanos(nanoseconds)))
}

/// Keeps this thread, and all threads and processes that it starts from now on, on one processor: then what
/// one does to wake another is the same each time. Does nothing where that cannot be.
pub fn stay_on_one() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let Ok(allowed) = sched_getaffinity(None) else {
            return;
        };
        let last = (0..CpuSet::MAX_CPU).rev().find(|it| allowed.is_set(*it));
        let mut one = CpuSet::new();
        if let Some(last) = last {
            one.set(last);
            let _ = sched_setaffinity(None, &one);
        }
    }
}
