//! What a rule remembers of each key, for so many keys and no more.

use core::hash::{BuildHasherDefault, Hasher};
use std::collections::HashMap;

use crate::alert::{AlertKey, Evidence};
use crate::identity::Key;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::Rule;
use crate::state::Quiet;

/// How often pressure is told of.
const PRESSURE_PERIOD: i64 = 600_000_000;

/// A place that is none.
const NONE: u32 = u32::MAX;

/// State by key. When it is full, a new key takes the place of the one that is idle the longest. Where
/// none is idle, keys share: each has one of a few shared states by its hash, whose counts are then an
/// upper bound for each of them. A key goes on sharing until that state is idle, so that no count is lost
/// on the way back either: flooding makes alerts come early, and never keeps one back.
#[derive(Debug)]
pub(crate) struct Table<V> {
    rule: Rule,
    capacity: usize,
    /// A key is idle when it has not been used for longer than that, in microseconds.
    idle_after: i64,
    places: HashMap<Key, u32, BuildHasherDefault<AsItIs>>,
    entries: Vec<Entry<V>>,
    /// The ends of the list in the order of [`Entry::listed`].
    oldest: u32,
    newest: u32,
    shared: Box<[Shared<V>]>,
    pressure: Quiet,
}

#[derive(Debug)]
struct Entry<V> {
    key: Key,
    used: i64,
    /// When it was put at the end of the list: not at each use, as that touches its neighbours, which
    /// are anywhere in memory.
    listed: i64,
    older: u32,
    newer: u32,
    value: V,
}

#[derive(Debug, Default)]
struct Shared<V> {
    used: Option<i64>,
    value: V,
}

/// A key's state.
#[derive(Debug)]
pub(crate) struct Found<'a, V> {
    pub(crate) value: &'a mut V,
    /// It is that of other keys as well.
    pub(crate) shared: bool,
}

impl<V: Default> Table<V> {
    pub(crate) fn new(rule: Rule, capacity: usize, idle_after: i64) -> Self {
        Self {
            rule,
            capacity,
            idle_after,
            places: HashMap::default(),
            entries: Vec::new(),
            oldest: NONE,
            newest: NONE,
            shared: (0..(capacity / 64).max(16))
                .map(|_| Shared::default())
                .collect(),
            pressure: Quiet::default(),
        }
    }

    /// One in which keys never share: when it is full, the one that was not used for the longest time is
    /// forgotten.
    pub(crate) fn forgetful(rule: Rule, capacity: usize) -> Self {
        Self::new(rule, capacity, -1)
    }

    /// The state of `key`, which is used now.
    pub(crate) fn entry(
        &mut self,
        key: Key,
        at: &Occurrence,
        raise: &mut Raise<'_>,
    ) -> Found<'_, V> {
        self.entry_or(key, at, raise, |_, _, _, _| {})
    }

    /// The state of `key`, which is used now. `forget` is told of the key that loses its place to it, when
    /// that was last used, and its state.
    pub(crate) fn entry_or(
        &mut self,
        key: Key,
        at: &Occurrence,
        raise: &mut Raise<'_>,
        forget: impl FnOnce(Key, i64, &V, &mut Raise<'_>),
    ) -> Found<'_, V> {
        let now = at.now;
        let place = match self.places.get(&key) {
            Some(place) => Some(*place),
            None if self.is_sharing(key, now) => None,
            None if self.entries.len() < self.capacity => Some(self.add(key, now)),
            None => self.replace(key, now, |key, used, value| forget(key, used, value, raise)),
        };
        if let Some(place) = place {
            self.use_now(place, now);
            return Found {
                value: &mut self.entries[index(place)].value,
                shared: false,
            };
        }
        self.tell_pressure(at, raise);
        raise.stats.shared += 1;
        let part = key.part(self.shared.len());
        let shared = &mut self.shared[part];
        if shared.used.is_none_or(|used| now - used > self.idle_after) {
            shared.value = V::default();
        }
        shared.used = Some(now);
        Found {
            value: &mut shared.value,
            shared: true,
        }
    }

    /// The state of `key`, if it has any. It is not used by being looked at.
    pub(crate) fn get(&mut self, key: Key, now: i64) -> Option<Found<'_, V>> {
        if let Some(place) = self.places.get(&key) {
            return Some(Found {
                value: &mut self.entries[index(*place)].value,
                shared: false,
            });
        }
        if !self.is_sharing(key, now) {
            return None;
        }
        let part = key.part(self.shared.len());
        Some(Found {
            value: &mut self.shared[part].value,
            shared: true,
        })
    }

    /// The state that `key` would share is in use.
    fn is_sharing(&self, key: Key, now: i64) -> bool {
        self.shared[key.part(self.shared.len())]
            .used
            .is_some_and(|used| now - used <= self.idle_after)
    }

    fn add(&mut self, key: Key, now: i64) -> u32 {
        let place = u32::try_from(self.entries.len()).unwrap_or(NONE);
        self.entries.push(Entry {
            key,
            used: now,
            listed: now,
            older: NONE,
            newer: NONE,
            value: V::default(),
        });
        self.places.insert(key, place);
        self.append(place);
        place
    }

    fn replace(&mut self, key: Key, now: i64, forget: impl FnOnce(Key, i64, &V)) -> Option<u32> {
        let place = self.idle(now)?;
        let entry = &mut self.entries[index(place)];
        forget(entry.key, entry.used, &entry.value);
        self.places.remove(&entry.key);
        entry.key = key;
        entry.value = V::default();
        self.places.insert(key, place);
        Some(place)
    }

    /// The place that is idle the longest. It may be found later than it is idle, by a part of that time.
    fn idle(&mut self, now: i64) -> Option<u32> {
        loop {
            let place = self.oldest;
            let entry = &self.entries[index(place)];
            if now - entry.listed <= self.idle_after {
                return None;
            }
            if now - entry.used > self.idle_after {
                return Some(place);
            }
            self.list_last(place, now);
        }
    }

    fn use_now(&mut self, place: u32, now: i64) {
        let entry = &mut self.entries[index(place)];
        entry.used = now;
        // Always where the key that was not used for the longest time is forgotten.
        if now - entry.listed > self.idle_after.div_euclid(16) {
            self.list_last(place, now);
        }
    }

    fn list_last(&mut self, place: u32, now: i64) {
        self.entries[index(place)].listed = now;
        if place != self.newest {
            self.unlink(place);
            self.append(place);
        }
    }

    fn unlink(&mut self, place: u32) {
        let Entry { older, newer, .. } = self.entries[index(place)];
        match self.entries.get_mut(index(older)) {
            Some(entry) => entry.newer = newer,
            None => self.oldest = newer,
        }
        match self.entries.get_mut(index(newer)) {
            Some(entry) => entry.older = older,
            None => self.newest = older,
        }
    }

    fn append(&mut self, place: u32) {
        let last = self.newest;
        let entry = &mut self.entries[index(place)];
        entry.older = last;
        entry.newer = NONE;
        match self.entries.get_mut(index(last)) {
            Some(entry) => entry.newer = place,
            None => self.oldest = place,
        }
        self.newest = place;
    }

    fn tell_pressure(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        if let Some(suppressed) = self.pressure.ring(at.now, PRESSURE_PERIOD) {
            raise.alert(
                Rule::StatePressure,
                Rule::StatePressure.severity(),
                at,
                AlertKey::default(),
                Evidence {
                    by: Some(self.rule.id()),
                    threshold: u64::try_from(self.capacity).ok(),
                    suppressed,
                    ..Evidence::default()
                },
            );
        }
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Keys are hashes already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
