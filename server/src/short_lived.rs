//! Things that are kept in memory for a short while, each under an id that is told to one client: bounded in number, so
//! that nobody fills the memory with them, and forgotten when their time is over.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// When it was begun, in milliseconds, then a number that tells equal times apart.
type Age = (u64, u64);

/// Things that are kept for a while.
#[derive(Debug)]
pub struct ShortLived<K, V> {
    lifetime_ms: u64,
    capacity: usize,
    inner: Mutex<Inner<K, V>>,
}

#[derive(Debug)]
struct Inner<K, V> {
    things: HashMap<K, (Age, V)>,
    /// The same things by age.
    by_age: BTreeMap<Age, K>,
    next: u64,
}

impl<K: Copy + Eq + Hash, V> ShortLived<K, V> {
    /// Keeps things for `lifetime_s`, and no more than `capacity` of them: the oldest gives way.
    #[must_use]
    pub fn new(lifetime_s: u64, capacity: usize) -> Self {
        Self {
            lifetime_ms: lifetime_s.saturating_mul(1_000),
            capacity,
            inner: Mutex::new(Inner {
                things: HashMap::new(),
                by_age: BTreeMap::new(),
                next: 0,
            }),
        }
    }

    /// Keeps one, in place of one with the same id.
    pub fn insert(&self, id: K, thing: V, now_ms: u64) {
        let mut inner = self.lock(now_ms);
        inner.remove(&id);
        if inner.things.len() >= self.capacity {
            inner.forget_oldest();
        }
        let age = (now_ms, inner.next);
        inner.next = inner.next.wrapping_add(1);
        inner.by_age.insert(age, id);
        inner.things.insert(id, (age, thing));
    }

    /// Takes one out. None when it is unknown, was taken, or its time is over.
    pub fn take(&self, id: &K, now_ms: u64) -> Option<V> {
        self.lock(now_ms).remove(id)
    }

    /// Looks at one, which may change and stays where it is. None as for [`ShortLived::take`].
    pub fn with<T>(&self, id: &K, now_ms: u64, look: impl FnOnce(&mut V) -> T) -> Option<T> {
        let mut inner = self.lock(now_ms);
        inner.things.get_mut(id).map(|(_, thing)| look(thing))
    }

    /// The things whose time is not over.
    fn lock(&self, now_ms: u64) -> MutexGuard<'_, Inner<K, V>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((&(began_ms, _), _)) = inner.by_age.first_key_value() {
            if began_ms.saturating_add(self.lifetime_ms) > now_ms {
                break;
            }
            inner.forget_oldest();
        }
        inner
    }
}

impl<K: Copy + Eq + Hash, V> Inner<K, V> {
    fn remove(&mut self, id: &K) -> Option<V> {
        let (age, thing) = self.things.remove(id)?;
        self.by_age.remove(&age);
        Some(thing)
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.by_age.pop_first() {
            self.things.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_taken_once_and_in_time() {
        let things = ShortLived::new(60, 10);
        things.insert(1, "once", 0);
        things.insert(2, "late", 0);
        assert_eq!(things.take(&1, 59_999), Some("once"));
        assert_eq!(things.take(&1, 59_999), None);
        assert_eq!(things.take(&2, 60_000), None);
        assert!(things.lock(60_000).by_age.is_empty());
    }

    #[test]
    fn a_thing_that_is_looked_at_lives_no_longer() {
        let things = ShortLived::new(60, 10);
        things.insert(1, 5, 0);
        let count_down = |now_ms| {
            things.with(&1, now_ms, |left| {
                *left -= 1;
                *left
            })
        };
        assert_eq!(count_down(1), Some(4));
        assert_eq!(count_down(59_999), Some(3));
        assert_eq!(count_down(60_000), None);
    }

    #[test]
    fn the_oldest_gives_way() {
        let things = ShortLived::new(60, 2);
        (0..3).for_each(|id| things.insert(id, id, 0));
        assert_eq!(things.take(&0, 0), None);
        things.insert(2, 7, 0);
        assert_eq!((things.take(&1, 0), things.take(&2, 0)), (Some(1), Some(7)));
        assert!(things.lock(0).by_age.is_empty());
    }
}
