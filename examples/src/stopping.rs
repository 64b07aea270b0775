//! How a server is told to stop.

use std::io;

/// Completes when the process is asked to stop: by Ctrl-C, or, as supervisors and container engines do, by SIGTERM.
/// It is heard from when this returns, not only once the future is polled.
///
/// # Errors
/// If signals cannot be heard, or outside of a tokio runtime with I/O.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes when the process is asked to stop by Ctrl-C, which is heard from when this returns.
///
/// # Errors
/// If it cannot be heard, or outside of a tokio runtime with I/O.
#[cfg(windows)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
