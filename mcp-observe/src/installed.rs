//! The instance that the process uses by default.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use arc_swap::ArcSwapOption;

use crate::telemetry::{Inner, Telemetry};

static INSTALLED: ArcSwapOption<Inner> = ArcSwapOption::const_empty();
/// How often [`INSTALLED`] changed.
static CHANGES: AtomicUsize = AtomicUsize::new(0);

/// How often the default was another one by now. Read before what is remembered is looked at: what is
/// installed in between is seen the next time.
#[inline]
pub(crate) fn changes() -> usize {
    CHANGES.load(Ordering::Acquire)
}

/// The default as a thread found it, after so many changes: to see that nothing changed costs a third of a
/// look at [`INSTALLED`]. Weak, so that a thread that makes no more calls keeps nothing of an instance
/// that is gone.
#[derive(Debug)]
pub(crate) struct Seen {
    changes: usize,
    instance: Weak<Inner>,
}

impl Seen {
    /// That of a thread that has not looked: there was no change yet, and no instance.
    pub(crate) const NOTHING: Self = Self {
        changes: 0,
        instance: Weak::new(),
    };

    /// What there is, and what to remember of it.
    pub(crate) fn look(changes: usize) -> (Self, Option<Telemetry>) {
        let instance = INSTALLED.load_full();
        let seen = Self {
            changes,
            instance: instance.as_ref().map(Arc::downgrade).unwrap_or_default(),
        };
        (seen, instance.map(Telemetry))
    }

    /// Whether nothing changed since.
    #[inline]
    pub(crate) fn is_of(&self, changes: usize) -> bool {
        self.changes == changes
    }

    #[inline]
    pub(crate) fn instance(&self) -> Option<Telemetry> {
        self.instance.upgrade().map(Telemetry)
    }
}

impl Telemetry {
    /// Makes this instance the default, unless there is one.
    pub(crate) fn try_install(&self) -> bool {
        let empty: Option<Arc<Inner>> = None;
        let before = INSTALLED.compare_and_swap(&empty, Some(Arc::clone(&self.0)));
        CHANGES.fetch_add(1, Ordering::Release);
        before.is_none()
    }

    /// Takes this instance's place as the default away, if it has it.
    pub(crate) fn uninstall(&self) {
        INSTALLED.compare_and_swap(&self.0, None);
        CHANGES.fetch_add(1, Ordering::Release);
    }
}
