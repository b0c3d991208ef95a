//! What a power cut leaves of a write.

use super::files::Change;
use crate::luck::Luck;

/// What a disk writes at once, or not.
const SECTOR_BYTES: usize = 512;

/// How a file forgets at one power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgetting {
    /// Nothing of what was not synced is there.
    All,
    /// All of it is there.
    Nothing,
    /// Each write is there whole, or not at all.
    Writes,
    /// Each sector of each write is there, or not.
    Sectors,
}

impl Forgetting {
    /// One of them.
    pub(super) fn of(luck: &mut Luck) -> Self {
        match luck.number(0..8) {
            0 => Self::All,
            1 => Self::Nothing,
            2..5 => Self::Writes,
            _ => Self::Sectors,
        }
    }

    /// The parts of a change that reached the disk.
    pub(super) fn what_is_left_of(self, change: Change, luck: &mut Luck) -> Vec<Change> {
        match (self, change) {
            (Self::All, _) => Vec::new(),
            (Self::Nothing, change) => vec![change],
            (Self::Sectors, Change::Write { offset, octets }) => {
                let sectors = sectors(offset, &octets).filter(|_| luck.once_in(2));
                sectors.collect()
            }
            (Self::Writes | Self::Sectors, change) => {
                if luck.once_in(2) {
                    vec![change]
                } else {
                    Vec::new()
                }
            }
        }
    }
}

/// A write, cut where the disk's sectors meet.
fn sectors(offset: usize, octets: &[u8]) -> impl Iterator<Item = Change> {
    let head = (SECTOR_BYTES - offset % SECTOR_BYTES).min(octets.len());
    let (head, rest) = octets.split_at(head);
    let begins = std::iter::once(offset)
        .chain((0..).map(move |number| offset + head.len() + number * SECTOR_BYTES));
    let parts = std::iter::once(head).chain(rest.chunks(SECTOR_BYTES));
    begins.zip(parts).map(|(offset, part)| Change::Write {
        offset,
        octets: part.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_meet_at_multiples_of_512() {
        let parts: Vec<(usize, usize)> = sectors(1_000, &[0; 1_600])
            .map(|change| match change {
                Change::Write { offset, octets } => (offset, octets.len()),
                Change::Resize { len } => (0, len),
            })
            .collect();
        assert_eq!(
            parts,
            [
                (1_000, 24),
                (1_024, 512),
                (1_536, 512),
                (2_048, 512),
                (2_560, 40)
            ]
        );
    }
}
