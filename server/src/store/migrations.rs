//! From layout N to layout N+1: what a newer program does, once, to data that an older one wrote.
//!
//! A step walks the entries of one prefix in the order of their keys and says of each what is written in its place. The
//! walk goes in batches; each batch also notes how far it has come (key `w`), and the last one writes the new layout
//! version and takes the note away. So a step that is cut off, wherever, is taken up where it was, no entry is
//! rewritten twice, and until the last batch the data says that it has the old layout, which an older program refuses
//! to open because of the note. There is no way back but a backup.

use super::engine::{ApplyError, Batch, Direction, Engine, Entry, Expected, KeyRange};
use super::{OpenError, StoreError, layout};
use std::ops::ControlFlow;

/// Entries rewritten in one batch.
const ENTRIES_AT_ONCE: usize = 64;
/// Entries between two lines of progress in the log.
const ENTRIES_PER_LINE: usize = 64 * 256;

/// What becomes of one entry: writes that replace it (or delete it, or add to it). They stay outside the prefix that is
/// walked, the entry's own key excepted.
pub(super) type Rewrite<'step> =
    dyn Fn(&Entry, &mut Batch) -> Result<(), StoreError> + Sync + 'step;

/// The way from one layout to the next.
pub(super) struct Step<'step> {
    /// The layout it begins with; it ends with the next.
    pub(super) from: u32,
    /// The prefix whose entries are rewritten.
    pub(super) prefix: u8,
    /// What becomes of each.
    pub(super) rewrite: &'step Rewrite<'step>,
}

/// Layouts: the one that is read and written, and the ways to it from older ones.
pub(super) struct Layouts<'step> {
    /// The newest.
    pub(super) newest: u32,
    /// One from each layout that can still be opened.
    pub(super) steps: &'step [Step<'step>],
}

/// The layouts of this program. Layout 1 is the first there was.
pub(super) const LAYOUTS: Layouts<'static> = Layouts {
    newest: layout::LAYOUT_VERSION,
    steps: &[],
};

impl Layouts<'_> {
    /// Brings data of layout `found` to the newest.
    ///
    /// # Errors
    /// [`OpenError::UnsupportedLayout`] when there is no way: nothing was written. Else what the engine fails with; what
    /// has been rewritten stays so, and the next attempt goes on from there.
    pub(super) fn migrate(&self, engine: &dyn Engine, found: u32) -> Result<(), OpenError> {
        let step_from = |from| self.steps.iter().find(|step| step.from == from);
        let unsupported = |found| OpenError::UnsupportedLayout {
            found,
            supported: self.newest,
        };
        if found > self.newest {
            return Err(unsupported(found));
        }
        let cursor = engine.get(&layout::migration_cursor());
        if found == self.newest && cursor.map_err(OpenError::Write)?.is_some() {
            // A newer program was on its way from here.
            return Err(unsupported(found.saturating_add(1)));
        }
        let steps: Option<Vec<_>> = (found..self.newest).map(step_from).collect();
        for step in steps.ok_or_else(|| unsupported(found))? {
            step.run(engine).map_err(OpenError::Write)?;
        }
        Ok(())
    }
}

impl Step<'_> {
    fn run(&self, engine: &dyn Engine) -> Result<(), StoreError> {
        let walk = KeyRange::prefix(&[self.prefix]);
        let total = engine.count(&walk, usize::MAX)?;
        let (from, to) = (self.from, self.from + 1);
        tracing::info!(from, to, total, "the data is brought to a newer layout");
        let mut done = 0;
        while let ControlFlow::Continue(entries) = self.run_batch(engine, &walk)? {
            done += entries;
            if done % ENTRIES_PER_LINE == 0 {
                tracing::info!(
                    from,
                    to,
                    total,
                    done,
                    "the data is brought to a newer layout"
                );
            }
        }
        tracing::info!(from, to, "the data has the newer layout");
        Ok(())
    }

    /// Rewrites the next entries; breaks when there were no more, and the layout is the new one.
    fn run_batch(
        &self,
        engine: &dyn Engine,
        walk: &KeyRange,
    ) -> Result<ControlFlow<(), usize>, StoreError> {
        let cursor = engine.get(&layout::migration_cursor())?;
        let mut rest = walk.clone();
        if let Some(last) = &cursor {
            rest.start = [last.as_slice(), &[0]].concat();
        }
        let entries = engine.scan(&rest, Direction::Ascending, ENTRIES_AT_ONCE)?;
        let mut batch = Batch::default();
        batch.assert(
            layout::layout_version(),
            Expected::Value(self.from.to_be_bytes().to_vec()),
        );
        batch.assert(
            layout::migration_cursor(),
            cursor.map_or(Expected::Absent, Expected::Value),
        );
        for entry in &entries {
            (self.rewrite)(entry, &mut batch)?;
        }
        let outcome = match entries.last() {
            Some(last) => {
                batch.put(layout::migration_cursor(), last.key.clone());
                ControlFlow::Continue(entries.len())
            }
            None => {
                batch.delete(layout::migration_cursor());
                batch.put(layout::layout_version(), (self.from + 1).to_be_bytes());
                ControlFlow::Break(())
            }
        };
        engine.commit(&batch).map_err(|error| match error {
            ApplyError::Store(error) => error,
            // Nobody else has the data open.
            ApplyError::Conflict => StoreError::Corrupt,
        })?;
        Ok(outcome)
    }
}
