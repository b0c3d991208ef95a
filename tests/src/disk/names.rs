//! Names of files and directories: as readers see them, and as they are on the disk, with a journal between.

use crate::luck::Luck;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

/// The root directory.
pub(super) const ROOT: u64 = 1;

/// A name in a directory.
type Place = (u64, OsString);

/// Some names, set or removed in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step(Vec<(Place, Option<u64>)>);

/// All names.
#[derive(Debug, Default)]
pub(super) struct Names {
    seen: BTreeMap<Place, u64>,
    kept: BTreeMap<Place, u64>,
    journal: Vec<Step>,
}

impl Names {
    /// What a name stands for.
    pub(super) fn get(&self, directory: u64, name: &OsStr) -> Option<u64> {
        self.seen.get(&(directory, name.to_owned())).copied()
    }

    /// The names in a directory.
    pub(super) fn list(&self, directory: u64) -> impl Iterator<Item = (&OsStr, u64)> {
        let from = (directory, OsString::new());
        let entries = self.seen.range(from..);
        entries
            .take_while(move |((parent, _), _)| *parent == directory)
            .map(|((_, name), inode)| (name.as_os_str(), *inode))
    }

    /// Whether the disk knows a name of it, or will when the journal reaches it.
    pub(super) fn is_remembered(&self, inode: u64) -> bool {
        let named = |name: &(Place, Option<u64>)| name.1 == Some(inode);
        self.kept.values().any(|kept| *kept == inode)
            || self.journal.iter().any(|step| step.0.iter().any(named))
    }

    /// Gives a name.
    pub(super) fn set(&mut self, directory: u64, name: &OsStr, inode: u64) {
        self.step(vec![((directory, name.to_owned()), Some(inode))]);
    }

    /// Takes a name away.
    pub(super) fn remove(&mut self, directory: u64, name: &OsStr) {
        self.step(vec![((directory, name.to_owned()), None)]);
    }

    /// Moves a name in one step; the target's former file loses it.
    pub(super) fn rename(&mut self, from: (u64, &OsStr), to: (u64, &OsStr), inode: u64) {
        self.step(vec![
            ((from.0, from.1.to_owned()), None),
            ((to.0, to.1.to_owned()), Some(inode)),
        ]);
    }

    fn step(&mut self, changes: Vec<(Place, Option<u64>)>) {
        let step = Step(changes);
        step.apply(&mut self.seen);
        self.journal.push(step);
    }

    /// Makes everything durable up to the directory's last change.
    pub(super) fn sync(&mut self, directory: u64) {
        let touches = |step: &Step| step.0.iter().any(|((parent, _), _)| *parent == directory);
        let last = self.journal.iter().rposition(touches);
        let durable = last.map_or(0, |last| last + 1);
        for step in self.journal.drain(..durable) {
            step.apply(&mut self.kept);
        }
    }

    /// Power is cut: the journal's end is forgotten. Returns the files and directories that can still be reached.
    pub(super) fn cut(&mut self, luck: &mut Luck) -> BTreeSet<u64> {
        let durable = luck.number(0..self.journal.len() + 1);
        for step in self.journal.drain(..).take(durable) {
            step.apply(&mut self.kept);
        }
        self.seen.clone_from(&self.kept);
        self.reached()
    }

    fn reached(&self) -> BTreeSet<u64> {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![ROOT]);
        while let Some(inode) = waiting.pop() {
            if reached.insert(inode) {
                waiting.extend(self.list(inode).map(|(_, inode)| inode));
            }
        }
        reached
    }
}

impl Step {
    fn apply(&self, names: &mut BTreeMap<Place, u64>) {
        for (place, inode) in &self.0 {
            match inode {
                Some(inode) => names.insert(place.clone(), *inode),
                None => names.remove(place),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> &OsStr {
        OsStr::new(text)
    }

    #[test]
    fn the_end_of_the_journal_is_forgotten_in_order() {
        let mut outcomes = BTreeSet::new();
        for seed in 0..60 {
            let mut names = Names::default();
            names.set(ROOT, name("a"), 2);
            names.sync(ROOT);
            names.set(ROOT, name("b"), 3);
            names.rename((ROOT, name("b")), (ROOT, name("a")), 3);
            names.cut(&mut Luck::of(seed, 0, 0));
            outcomes.insert((names.get(ROOT, name("a")), names.get(ROOT, name("b"))));
        }
        let expected = [(Some(2), None), (Some(2), Some(3)), (Some(3), None)];
        assert_eq!(outcomes, BTreeSet::from(expected));
    }

    #[test]
    fn a_directory_that_was_not_synced_takes_its_files_along() {
        let mut lost = 0;
        for seed in 0..40 {
            let mut names = Names::default();
            names.set(ROOT, name("folder"), 2);
            names.set(2, name("file"), 3);
            let reached = names.cut(&mut Luck::of(seed, 0, 0));
            lost += usize::from(!reached.contains(&3));
        }
        assert!(lost > 5 && lost < 40);
    }

    #[test]
    fn a_synced_directory_keeps_its_names() {
        let mut names = Names::default();
        names.set(ROOT, name("folder"), 2);
        names.set(2, name("file"), 3);
        names.sync(2);
        for seed in 0..20 {
            names.cut(&mut Luck::of(seed, 0, 0));
            assert_eq!(names.get(2, name("file")), Some(3));
        }
    }
}
