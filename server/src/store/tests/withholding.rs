//! An engine whose disk can be taken away.

use crate::store::engine::{ApplyError, Batch, Direction, Engine, Entry, KeyRange, Ticket};
use crate::store::{MemoryEngine, Store, StoreError};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Where one says that one waits, and the word to go on.
type Gate = (Sender<()>, Arc<Mutex<Receiver<()>>>);

/// What a test does to the disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// Whether it refuses.
    pub(super) is_gone: AtomicBool,
    /// How often it was waited for.
    pub(super) syncs: AtomicU32,
    /// What cannot be read.
    pub(super) unreadable: Mutex<Vec<KeyRange>>,
    /// Where whoever waits says so, and what they then wait for.
    gate: Mutex<Option<Gate>>,
}

impl Disk {
    /// From now on whoever waits for the disk says so to the receiver, and goes on at a word of the sender.
    pub(super) fn close_gate(&self) -> (Receiver<()>, Sender<()>) {
        let ((waits, waiting), (open, opened)) = (channel(), channel());
        *self.gate.lock().unwrap() = Some((waits, Arc::new(Mutex::new(opened))));
        (waiting, open)
    }

    /// As with pages: whoever comes to such a place fails, also when there is no key in it.
    fn read(&self, range: &KeyRange, last: Option<&[u8]>) -> Result<(), StoreError> {
        let end = last.map_or_else(|| range.end.clone(), |last| [last, &[0]].concat());
        let unreadable = self.unreadable.lock().unwrap();
        let comes_to = |place: &KeyRange| place.start < end && range.start < place.end;
        if unreadable.iter().any(comes_to) {
            Err(StoreError::Unavailable)
        } else {
            Ok(())
        }
    }

    fn wait(&self) {
        let gate = self.gate.lock().unwrap().clone();
        if let Some((waits, opened)) = gate {
            waits.send(()).unwrap();
            opened.lock().unwrap().recv().unwrap();
        }
    }
}

/// Memory in front of that disk.
#[derive(Debug)]
pub(super) struct WithholdingEngine {
    memory: MemoryEngine,
    disk: Arc<Disk>,
}

/// A store on such an engine.
pub(super) fn withholding_store() -> (Store, Arc<Disk>) {
    let disk = Arc::new(Disk::default());
    let engine = WithholdingEngine {
        memory: MemoryEngine::new(),
        disk: disk.clone(),
    };
    (Store::on(Box::new(engine)), disk)
}

impl Engine for WithholdingEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let one = KeyRange {
            start: key.to_vec(),
            end: [key, &[0]].concat(),
        };
        self.disk.read(&one, None)?;
        self.memory.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let entries = self.memory.scan(range, direction, limit)?;
        let is_all = entries.len() < limit;
        let last = entries.last().map(|entry| &entry.key[..]);
        self.disk.read(range, last.filter(|_| !is_all))?;
        Ok(entries)
    }

    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        self.memory.count(range, limit)
    }

    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError> {
        self.memory.apply(batch)
    }

    fn applied(&self) -> Ticket {
        self.memory.applied()
    }

    fn sync(&self, _: Ticket) -> Result<(), StoreError> {
        self.disk.syncs.fetch_add(1, Ordering::SeqCst);
        self.disk.wait();
        if self.disk.is_gone.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        Ok(())
    }

    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
