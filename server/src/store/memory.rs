//! An engine in memory, for tests and for trying S-Mail out: durable for as long as the process lives.

use super::StoreError;
use super::engine::{ApplyError, Batch, Direction, Engine, Entry, Expected, KeyRange, Ticket};
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// A sorted map behind a lock.
#[derive(Debug, Default)]
pub struct MemoryEngine {
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    applied: u64,
}

impl MemoryEngine {
    /// An empty engine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere cannot leave the map half-written: batches are applied by calls that do not panic.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn holds(&self, key: &[u8], expected: &Expected) -> bool {
        match (self.entries.get(key), expected) {
            (None, Expected::Absent) => true,
            (Some(value), Expected::Value(wanted)) => value == wanted,
            _ => false,
        }
    }

    fn write(&mut self, key: &[u8], value: Option<&Vec<u8>>) {
        match value {
            Some(value) => self.entries.insert(key.to_vec(), value.clone()),
            None => self.entries.remove(key),
        };
    }
}

impl Engine for MemoryEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read().entries.get(key).cloned())
    }

    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let state = self.read();
        let entries = state.entries.range(range.start.clone()..range.end.clone());
        let entry = |(key, value): (&Vec<u8>, &Vec<u8>)| Entry {
            key: key.clone(),
            value: value.clone(),
        };
        Ok(match direction {
            Direction::Ascending => entries.take(limit).map(entry).collect(),
            Direction::Descending => entries.rev().take(limit).map(entry).collect(),
        })
    }

    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        if range.is_empty() {
            return Ok(0);
        }
        let state = self.read();
        let entries = state.entries.range(range.start.clone()..range.end.clone());
        Ok(entries.take(limit).count())
    }

    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError> {
        batch.check_bounds()?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if !batch
            .assertions
            .iter()
            .all(|(key, expected)| state.holds(key, expected))
        {
            return Err(ApplyError::Conflict);
        }
        for (key, value) in &batch.writes {
            state.write(key, value.as_ref());
        }
        state.applied += 1;
        Ok(Ticket(state.applied))
    }

    fn applied(&self) -> Ticket {
        Ticket(self.read().applied)
    }

    fn sync(&self, _: Ticket) -> Result<(), StoreError> {
        Ok(())
    }

    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
