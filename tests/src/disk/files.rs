//! The contents of files: as readers see them, and as they are on the disk.

use super::cut::Forgetting;
use crate::luck::Luck;

/// A change of a file that is not on the disk yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Octets written at an offset.
    Write {
        /// Where.
        offset: usize,
        /// What.
        octets: Vec<u8>,
    },
    /// A new length.
    Resize {
        /// In octets.
        len: usize,
    },
}

/// A file's contents.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    /// As readers see them.
    seen: Vec<u8>,
    /// As they are on the disk.
    kept: Vec<u8>,
    /// What is seen and not yet kept, in the order in which it was written.
    pending: Vec<Change>,
}

impl Contents {
    /// How many octets readers see.
    pub(super) const fn len(&self) -> usize {
        self.seen.len()
    }

    /// Up to `len` octets from an offset on.
    pub(super) fn read(&self, offset: usize, len: usize) -> &[u8] {
        let end = offset.saturating_add(len).min(self.seen.len());
        self.seen.get(offset..end).unwrap_or_default()
    }

    /// Writes, not yet to the disk.
    pub(super) fn write(&mut self, offset: usize, octets: &[u8]) {
        self.change(Change::Write {
            offset,
            octets: octets.to_vec(),
        });
    }

    /// Cuts or extends with zeros, not yet on the disk.
    pub(super) fn resize(&mut self, len: usize) {
        self.change(Change::Resize { len });
    }

    fn change(&mut self, change: Change) {
        apply(&mut self.seen, &change);
        self.pending.push(change);
    }

    /// Brings everything to the disk.
    pub(super) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            apply(&mut self.kept, &change);
        }
    }

    /// A sync that failed: what it should have written is seen on, and is not tried again.
    pub(super) fn fail_sync(&mut self) {
        self.pending.clear();
    }

    /// Power is cut: what was not synced is kept in part.
    pub(super) fn cut(&mut self, luck: &mut Luck) {
        let forgetting = Forgetting::of(luck);
        for change in std::mem::take(&mut self.pending) {
            for left in forgetting.what_is_left_of(change, luck) {
                apply(&mut self.kept, &left);
            }
        }
        self.seen.clone_from(&self.kept);
    }
}

fn apply(contents: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Resize { len } => contents.resize(*len, 0),
        Change::Write { offset, octets } => {
            let end = offset + octets.len();
            if contents.len() < end {
                contents.resize(end, 0);
            }
            if let Some(place) = contents.get_mut(*offset..end) {
                place.copy_from_slice(octets);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(contents: &Contents, seed: u64) -> Contents {
        let mut contents = contents.clone();
        contents.cut(&mut Luck::of(seed, 0, 0));
        contents
    }

    #[test]
    fn what_was_synced_survives_every_cut() {
        let mut contents = Contents::default();
        contents.write(0, &[1; 5_000]);
        contents.sync();
        for seed in 0..50 {
            assert_eq!(cut(&contents, seed).read(0, 9_000), [1; 5_000]);
        }
    }

    #[test]
    fn what_was_not_synced_is_torn_at_sectors() {
        let mut contents = Contents::default();
        contents.write(0, &[1; 4_096]);
        contents.sync();
        contents.write(100, &[2; 3_000]);
        let (mut untouched, mut whole, mut torn) = (0, 0, 0);
        for seed in 0..200 {
            let left = cut(&contents, seed);
            assert_eq!(left.len(), 4_096);
            let sectors: Vec<u8> = left.seen.chunks(512).map(|sector| sector[110]).collect();
            assert_eq!(left.read(0, 100), [1; 100]);
            match sectors.iter().filter(|first| **first == 2).count() {
                0 => untouched += 1,
                6 => whole += 1,
                _ => torn += 1,
            }
            for sector in left.seen.chunks(512).skip(1).take(4) {
                assert!(
                    sector.iter().all(|octet| *octet == sector[0]),
                    "torn within a sector"
                );
            }
        }
        assert!(
            untouched > 10 && whole > 10 && torn > 10,
            "{untouched} {whole} {torn}"
        );
    }

    #[test]
    fn a_later_write_may_survive_an_earlier_one() {
        let mut contents = Contents::default();
        contents.write(0, &[1; 512]);
        contents.write(512, &[2; 512]);
        let is_reordered = |seed| {
            let left = cut(&contents, seed);
            left.read(0, 1) == [0] && left.read(512, 1) == [2]
        };
        assert!((0..100).any(is_reordered));
    }

    #[test]
    fn what_a_failed_sync_should_have_written_never_comes() {
        let mut contents = Contents::default();
        contents.write(0, &[1; 512]);
        contents.fail_sync();
        contents.write(512, &[2; 512]);
        contents.sync();
        assert_eq!(contents.read(0, 1), [1]);
        let left = cut(&contents, 0);
        assert_eq!((left.read(0, 1), left.read(512, 1)), (&[0][..], &[2][..]));
    }
}
