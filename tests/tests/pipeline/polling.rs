//! Waiting for a state, and not for a time.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Nothing takes longer, on a machine however busy.
const BOUND: Duration = Duration::from_secs(90);

/// Looks until it is there; `look` says what it sees instead.
///
/// # Panics
/// If it is not there within the bound.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + BOUND;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) if Instant::now() >= deadline => panic!("{what}: {seen}"),
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}
