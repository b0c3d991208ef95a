//! Recording: what is written while a backup reads the store, so that the backup ends in one state of it.
//!
//! [`Recorded`] stands before the engine. While a recording runs, it notes each batch that was applied, in the order
//! of application. A scan alone sees a moving store; the scan and the notes together give the state at the moment the
//! recording was ended (see `backup`). Nobody who writes waits for who reads the notes: they go into a file without a
//! name, which is emptied whenever the reader has caught up. A recording that cannot be kept up is given up; the
//! write that it met is not harmed.

use super::StoreError;
use super::archive::{MAX_PAYLOAD_BYTES, push_write};
use super::engine::{ApplyError, Batch, Direction, Engine, Entry, KeyRange, Ticket};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Most that the notes may lie behind before the recording is given up.
const MAX_BEHIND_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// Why a recording came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum RecordingError {
    /// Another one is running.
    #[error("another backup is being made")]
    Busy,
    /// The notes could not be written or read, or lie too far behind.
    #[error("the changes made meanwhile could not be kept")]
    Lost,
}

/// An engine that can be listened to.
#[derive(Debug)]
pub(super) struct Recorded {
    engine: Box<dyn Engine>,
    /// Held for reading by whoever applies a batch, so that a recording begins and ends between two batches.
    journal: RwLock<Option<Arc<Mutex<Journal>>>>,
}

impl Recorded {
    /// Stands before the engine.
    pub(super) fn new(engine: Box<dyn Engine>) -> Self {
        Self {
            engine,
            journal: RwLock::new(None),
        }
    }

    /// Begins a recording: of every batch either its effects are seen by whoever reads from now on, or it is noted, or
    /// both. `spill` is an empty file.
    pub(super) fn record(&self, spill: File) -> Result<Recording<'_>, RecordingError> {
        let mut journal = self.journal.write().unwrap_or_else(PoisonError::into_inner);
        if journal.is_some() {
            return Err(RecordingError::Busy);
        }
        let begun = Arc::new(Mutex::new(Journal::new(spill)));
        *journal = Some(Arc::clone(&begun));
        Ok(Recording {
            engine: self,
            journal: begun,
        })
    }

    /// Ends this recording, and none that has begun since.
    fn end_recording(&self, ended: &Arc<Mutex<Journal>>) {
        let mut journal = self.journal.write().unwrap_or_else(PoisonError::into_inner);
        if journal.as_ref().is_some_and(|it| Arc::ptr_eq(it, ended)) {
            *journal = None;
        }
    }
}

impl Engine for Recorded {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.engine.get(key)
    }

    fn view(&self, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        self.engine.view(key, see)
    }

    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.engine.scan(range, direction, limit)
    }

    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        self.engine.count(range, limit)
    }

    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError> {
        if batch.writes.is_empty() {
            return self.engine.apply(batch);
        }
        let journal = self.journal.read().unwrap_or_else(PoisonError::into_inner);
        let Some(journal) = journal.as_ref() else {
            return self.engine.apply(batch);
        };
        // One after another, so that the notes are in the order of application.
        let mut journal = lock(journal);
        let applied = self.engine.apply(batch);
        match applied {
            Ok(_) => journal.note(batch),
            Err(ApplyError::Conflict)
            | Err(ApplyError::Store(StoreError::Full | StoreError::OutOfBounds)) => {}
            // Nothing of it should be seen; but who fails may fail in more than one way.
            Err(_) => journal.is_lost = true,
        }
        applied
    }

    fn applied(&self) -> Ticket {
        self.engine.applied()
    }

    fn sync(&self, ticket: Ticket) -> Result<(), StoreError> {
        self.engine.sync(ticket)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.engine.health()
    }
}

/// A recording under way; ended when dropped.
#[derive(Debug)]
pub(super) struct Recording<'engine> {
    engine: &'engine Recorded,
    journal: Arc<Mutex<Journal>>,
}

/// A batch as it was noted: how many writes, and they in the archive's form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// How many.
    pub(super) writes: u64,
    /// The payload of an archive's frame.
    pub(super) payload: Vec<u8>,
}

impl Recording<'_> {
    /// Gives what was noted up to now, oldest first, and not what is noted meanwhile.
    pub(super) fn drain<E: From<RecordingError>>(
        &self,
        mut take: impl FnMut(Note) -> Result<(), E>,
    ) -> Result<(), E> {
        let until = lock(&self.journal).written;
        loop {
            // What is not taken yet stays as it is: it is read while others write.
            let untaken = lock(&self.journal).untaken(until)?;
            let Some(untaken) = untaken else {
                return Ok(());
            };
            let (notes, len_bytes) = untaken.read().map_err(|_| RecordingError::Lost)?;
            lock(&self.journal).taken += len_bytes;
            notes.into_iter().try_for_each(&mut take)?;
        }
    }

    /// Ends the recording between two batches, and gives the rest.
    pub(super) fn finish<E: From<RecordingError>>(
        self,
        take: impl FnMut(Note) -> Result<(), E>,
    ) -> Result<(), E> {
        self.engine.end_recording(&self.journal);
        self.drain(take)
    }
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        self.engine.end_recording(&self.journal);
    }
}

/// Notes on their way from those who write to the one who reads: in a file, so that memory holds one at a time.
#[derive(Debug)]
struct Journal {
    spill: Arc<File>,
    /// Bytes noted and taken since the recording began.
    written: u64,
    taken: u64,
    /// What of them was before the file's present beginning.
    dropped: u64,
    is_lost: bool,
}

/// Notes read in one go.
const BLOCK_BYTES: usize = 256 * 1024;
/// Length of payload, number of writes.
const NOTE_HEAD_BYTES: usize = 16;

impl Journal {
    fn new(spill: File) -> Self {
        Self {
            spill: Arc::new(spill),
            written: 0,
            taken: 0,
            dropped: 0,
            is_lost: false,
        }
    }

    fn note(&mut self, batch: &Batch) {
        let mut note = vec![0; NOTE_HEAD_BYTES];
        for (key, value) in &batch.writes {
            push_write(&mut note, key, value.as_deref());
        }
        let payload_len = note.len() - NOTE_HEAD_BYTES;
        let head = [payload_len as u64, batch.writes.len() as u64].map(u64::to_be_bytes);
        if let Some(place) = note.get_mut(..NOTE_HEAD_BYTES) {
            place.copy_from_slice(&head.concat());
        }
        let is_too_much =
            payload_len > MAX_PAYLOAD_BYTES || self.written - self.taken > MAX_BEHIND_BYTES;
        if self.is_lost || is_too_much || self.append(&note).is_err() {
            self.is_lost = true;
        }
    }

    fn append(&mut self, note: &[u8]) -> io::Result<()> {
        if self.written == self.taken && self.written > self.dropped {
            self.spill.set_len(0)?;
            self.dropped = self.written;
        }
        self.spill.write_all_at(note, self.written - self.dropped)?;
        self.written += note.len() as u64;
        Ok(())
    }

    /// The notes not yet taken that were noted before `until`, if there are any.
    fn untaken(&self, until: u64) -> Result<Option<Untaken>, RecordingError> {
        if self.is_lost {
            return Err(RecordingError::Lost);
        }
        Ok((self.taken < until).then(|| Untaken {
            spill: Arc::clone(&self.spill),
            at: self.taken - self.dropped,
            len_bytes: until - self.taken,
        }))
    }
}

/// Whole notes, one after another, in the file.
struct Untaken {
    spill: Arc<File>,
    at: u64,
    len_bytes: u64,
}

impl Untaken {
    /// Reads about a block of them, one at least, and says how long they are.
    fn read(&self) -> io::Result<(Vec<Note>, u64)> {
        let mut input = BufReader::with_capacity(
            BLOCK_BYTES,
            ReadAt {
                of: self,
                at: self.at,
            },
        );
        let mut notes = Vec::new();
        let mut read_bytes = 0;
        while read_bytes < self.len_bytes.min(BLOCK_BYTES as u64) {
            let mut number = [0; 8];
            input.read_exact(&mut number)?;
            let payload_len = u64::from_be_bytes(number);
            input.read_exact(&mut number)?;
            let writes = u64::from_be_bytes(number);
            let mut payload = vec![0; usize::try_from(payload_len).map_err(io::Error::other)?];
            input.read_exact(&mut payload)?;
            read_bytes += NOTE_HEAD_BYTES as u64 + payload_len;
            notes.push(Note { writes, payload });
        }
        Ok((notes, read_bytes))
    }
}

/// Reads on from a place in the file, wherever others write.
struct ReadAt<'a> {
    of: &'a Untaken,
    at: u64,
}

impl Read for ReadAt<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.of.spill.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A panic elsewhere leaves the counters as they were; a note half-written is written over by the next.
fn lock(journal: &Mutex<Journal>) -> MutexGuard<'_, Journal> {
    journal.lock().unwrap_or_else(PoisonError::into_inner)
}
