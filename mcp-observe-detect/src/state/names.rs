//! Names that are told long after they were read.

use std::collections::HashMap;
use std::sync::Arc;

use crate::identity::Key;

/// So many are kept; those after them are not told. Tools are the server's own, and few.
const MOST: usize = 1_024;

/// Each name once.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<Key, Arc<str>>);

impl Names {
    pub(crate) fn get(&mut self, key: Key, name: &str) -> Option<Arc<str>> {
        if let Some(kept) = self.0.get(&key) {
            return Some(Arc::clone(kept));
        }
        (self.0.len() < MOST).then(|| Arc::clone(self.0.entry(key).or_insert_with(|| name.into())))
    }
}
