//! Requests that a transport has sent and that are not answered yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rmcp::model::RequestId;

use crate::closed::Method;
use crate::rmcp::peer::answer::Ending;
use crate::sent::awaited::Awaited;

/// By their ids. Bounded, as a server may leave any number without an answer.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<Requests>);

#[derive(Debug, Default)]
struct Requests {
    by_id: HashMap<RequestId, Numbered>,
    sent: u64,
}

#[derive(Debug)]
struct Numbered {
    number: u64,
    request: Request,
}

/// A request without an answer.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// None where the operation is somebody else's.
    pub(super) awaited: Option<Awaited>,
}

impl Request {
    pub(super) fn end(self, ending: Ending) {
        if let Some(mut awaited) = self.awaited {
            ending.close(&mut awaited);
        }
    }
}

impl Pending {
    /// As many as rmcp's own queue holds. Beyond, the oldest is given up.
    pub(super) const MAX: usize = 1_024;

    /// Adds a request; returns the one that had to make room.
    #[must_use]
    pub(super) fn add(&self, id: RequestId, request: Request) -> Option<Request> {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.sent += 1;
        let number = requests.sent;
        let by_id = &mut requests.by_id;
        // Of two with the same id, an answer cannot say which one it is for.
        if let Some(same) = by_id.insert(id, Numbered { number, request }) {
            return Some(same.request);
        }
        if by_id.len() <= Self::MAX {
            return None;
        }
        let (oldest, _) = by_id.iter().min_by_key(|(_, it)| it.number)?;
        let oldest = oldest.clone();
        by_id.remove(&oldest).map(|it| it.request)
    }

    /// The request of that id. A server may answer a number with a string, which rmcp takes for the
    /// number.
    pub(super) fn take(&self, id: &RequestId) -> Option<Request> {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = requests.by_id.remove(id).or_else(|| match id {
            RequestId::String(id) => {
                let number = id.parse().ok()?;
                requests.by_id.remove(&RequestId::Number(number))
            }
            RequestId::Number(_) => None,
        });
        found.map(|it| it.request)
    }

    /// The request of that id, if `is_meant`.
    pub(super) fn take_if(
        &self,
        id: &RequestId,
        is_meant: impl FnOnce(&Request) -> bool,
    ) -> Option<Request> {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = requests
            .by_id
            .get(id)
            .is_some_and(|it| is_meant(&it.request));
        if !is_it {
            return None;
        }
        requests.by_id.remove(id).map(|it| it.request)
    }

    pub(super) fn take_all(&self) -> Vec<Request> {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.by_id.drain().map(|(_, it)| it.request).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: Method = Method::known("ping");

    fn request() -> Request {
        Request {
            method: METHOD,
            awaited: None,
        }
    }

    #[test]
    fn beyond_the_bound_the_oldest_makes_room() {
        let pending = Pending::default();
        for id in 0..Pending::MAX {
            let id = RequestId::Number(i64::try_from(id).unwrap());
            assert!(pending.add(id, request()).is_none());
        }
        assert!(pending.add(RequestId::Number(100_000), request()).is_some());
        assert!(pending.take(&RequestId::Number(0)).is_none());
        assert!(pending.take(&RequestId::Number(1)).is_some());
        assert_eq!(pending.take_all().len(), Pending::MAX - 1);
    }

    #[test]
    fn a_number_may_be_answered_as_a_string() {
        let pending = Pending::default();
        assert!(pending.add(RequestId::Number(7), request()).is_none());
        assert!(pending.take(&RequestId::String("8".into())).is_none());
        assert!(pending.take(&RequestId::String("7".into())).is_some());
    }
}
