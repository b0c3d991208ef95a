//! When the engine cannot read on: which places it cannot read, and whose mail is in them.
//!
//! Nothing is compared then and nothing repaired, since what was not read would pass for missing. Every key that reads
//! is read once; where one does not, the next that does is found by halving what lies between.

use super::{Check, CheckStep, ENTRIES_AT_ONCE, Fault, Place};
use crate::store::engine::{Entry, KeyRange};
use crate::store::layout::{self, CHUNK_BYTES, PREFIXES, StreamId};
use crate::store::records::{BlobRecord, ItemRecord, PartsRecord, Record as _};
use smail_protocol::{AccountId, BlobId, ItemId};
use std::collections::BTreeSet;
use tracing::subscriber::NoSubscriber;

/// Longer than any key, so that a place between two keys has a name.
const PROBE_BYTES: usize = 80;

type Probe = [u8; PROBE_BYTES];

/// What is kept of what was read, to tell what was in the places that were not.
#[derive(Debug, Default)]
struct Seen {
    accounts: Vec<AccountId>,
    chunks: Vec<(BlobId, KeyRange)>,
    items: Vec<(AccountId, ItemId, BlobId)>,
}

impl Check<'_> {
    /// Reads all that can be read and notes each place that cannot; gives their number, 0 when that is all there is.
    pub(super) fn survey(&mut self) -> u64 {
        // The engine logs every failure, and here they are looked for.
        tracing::subscriber::with_default(NoSubscriber::default(), || {
            let mut seen = Seen::default();
            let unread = self.unread(&mut seen);
            if unread.first() == Some(&layout::everything()) {
                return 0;
            }
            self.tell(&unread, &seen);
            unread.len() as u64
        })
    }

    /// The places that cannot be read, in order.
    fn unread(&mut self, seen: &mut Seen) -> Vec<KeyRange> {
        let mut unread = Vec::new();
        let mut rest = layout::everything();
        let mut limit = ENTRIES_AT_ONCE;
        loop {
            match self.scan(&rest, limit) {
                Ok(page) => {
                    let Some(last) = page.last() else {
                        return unread;
                    };
                    (self.watch)(&CheckStep::Reading(&last.key));
                    rest.start = after(&last.key);
                    page.iter().for_each(|entry| seen.note(entry));
                    limit = ENTRIES_AT_ONCE;
                }
                // Up to the last one that reads, one by one.
                Err(_) if limit > 1 => limit = 1,
                Err(_) => {
                    let end = self.next_readable(&rest, seen);
                    let start = std::mem::replace(&mut rest.start, end.clone());
                    unread.push(KeyRange { start, end });
                    limit = ENTRIES_AT_ONCE;
                }
            }
        }
    }

    /// Where reading goes on again; the end of the range when it does not.
    fn next_readable(&self, unread: &KeyRange, seen: &Seen) -> Vec<u8> {
        let reads_from = |start: &[u8]| {
            let rest = KeyRange {
                start: start.to_vec(),
                end: unread.end.clone(),
            };
            self.scan(&rest, 1).is_ok()
        };
        // The nearest of the keys that something is known to be behind: between here and there is to be no other place
        // that cannot be read.
        let mut nexts: Vec<Vec<u8>> = (1..=unread.start.len())
            .filter_map(|len| unread.start.get(..len))
            .map(|near| KeyRange::prefix(near).end)
            .chain(seen.beginnings())
            .filter(|next| *next > unread.start && *next < unread.end)
            .collect();
        nexts.sort_unstable();
        nexts.dedup();
        let (mut near, mut far) = (&unread.start, &unread.end);
        for next in &nexts {
            if reads_from(next) {
                far = next;
                break;
            }
            near = next;
        }
        // On from there in steps that double, so that a second such place is not taken for the end of this one.
        let (mut unreadable, mut readable) = (padded(near), padded(far));
        for bit in 0..PROBE_BYTES * 8 {
            let Some(next) = stepped(&unreadable, bit).filter(|next| next < &readable) else {
                break;
            };
            if reads_from(&next) {
                readable = next;
                break;
            }
            unreadable = next;
        }
        while let Some(between) = middle(&unreadable, &readable) {
            if reads_from(&between) {
                readable = between;
            } else {
                unreadable = between;
            }
        }
        // A key is less than itself with zeros behind it.
        let zeros = readable.iter().rev().take_while(|byte| **byte == 0).count();
        (PROBE_BYTES - zeros..PROBE_BYTES)
            .filter_map(|len| readable.get(..len))
            .find(|shorter| reads_from(shorter))
            .unwrap_or(&readable)
            .to_vec()
    }

    fn tell(&mut self, unread: &[KeyRange], seen: &Seen) {
        for place in unread {
            self.broken(&Fault::Unread(Place(place.clone())));
        }
        let is_hit = |chunks: &KeyRange| {
            unread
                .iter()
                .any(|place| place.start < chunks.end && chunks.start < place.end)
        };
        let hit: BTreeSet<BlobId> = seen
            .chunks
            .iter()
            .filter(|(_, chunks)| is_hit(chunks))
            .map(|(blob, _)| *blob)
            .collect();
        for (account, item, blob) in &seen.items {
            if hit.contains(blob) {
                self.broken(&Fault::ItemUnread(*account, *item, *blob));
            }
        }
    }
}

impl Seen {
    fn note(&mut self, entry: &Entry) {
        match entry.key.split_first() {
            Some((b'a', id)) => self
                .accounts
                .extend(id.try_into().map(AccountId::from_bytes)),
            Some((b'b', id)) => self.blob(id, &entry.value),
            Some((b'i', id)) => self.item(id, &entry.value),
            Some((b'y', id)) => self.parts(id, &entry.value),
            _ => {}
        }
    }

    /// Keys that things of one kind, of one account or of one blob begin at.
    fn beginnings(&self) -> impl Iterator<Item = Vec<u8>> {
        let kinds = PREFIXES.iter().map(|prefix| vec![prefix.byte]);
        let accounts = PREFIXES.iter().flat_map(|prefix| {
            let of = |account: &AccountId| [&[prefix.byte], &account.as_bytes()[..]].concat();
            self.accounts.iter().map(of)
        });
        let blobs = self.chunks.iter().map(|(_, chunks)| chunks.start.clone());
        kinds.chain(accounts).chain(blobs)
    }

    fn blob(&mut self, id: &[u8], value: &[u8]) {
        let (Ok(id), Ok(record)) = (id.try_into(), BlobRecord::decode(value)) else {
            return;
        };
        let chunks = record.size_bytes.div_ceil(CHUNK_BYTES as u64);
        let Some(last) = chunks
            .checked_sub(1)
            .and_then(|last| u32::try_from(last).ok())
        else {
            return;
        };
        let stream = StreamId(record.stream);
        let chunks = KeyRange {
            start: layout::chunk(stream, 0),
            end: after(&layout::chunk(stream, last)),
        };
        self.chunks.push((BlobId::from_sha256(id), chunks));
    }

    fn item(&mut self, id: &[u8], value: &[u8]) {
        if let Ok(record) = ItemRecord::decode(value) {
            self.named(id, [BlobId::from_sha256(record.blob)]);
        }
    }

    fn parts(&mut self, id: &[u8], value: &[u8]) {
        if let Ok(record) = PartsRecord::decode(value) {
            self.named(id, record.blobs());
        }
    }

    /// An item names blobs.
    fn named(&mut self, id: &[u8], blobs: impl IntoIterator<Item = BlobId>) {
        let Some((account, item)) = id.split_first_chunk() else {
            return;
        };
        let Ok(item) = item.try_into().map(ItemId::from_bytes) else {
            return;
        };
        let account = AccountId::from_bytes(*account);
        self.items
            .extend(blobs.into_iter().map(|blob| (account, item, blob)));
    }
}

/// The lowest key above a key.
fn after(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

/// A key as a number.
fn padded(key: &[u8]) -> Probe {
    let mut probe = [0; PROBE_BYTES];
    probe.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    probe
}

/// The number that is higher by a power of two, if there is one.
fn stepped(from: &Probe, bit: usize) -> Option<Probe> {
    let mut sum = *from;
    let mut carry = 1_u16 << (bit % 8);
    for digit in sum.iter_mut().rev().skip(bit / 8) {
        carry += u16::from(*digit);
        *digit = carry.to_be_bytes()[1];
        carry >>= 8;
    }
    (carry == 0).then_some(sum)
}

/// The number half-way, if there is one in between.
fn middle(low: &Probe, high: &Probe) -> Option<Probe> {
    let mut sum = [0; PROBE_BYTES];
    let mut carry = 0;
    for ((sum, low), high) in sum.iter_mut().zip(low).zip(high).rev() {
        let digit = u16::from(*low) + u16::from(*high) + carry;
        *sum = digit.to_be_bytes()[1];
        carry = digit >> 8;
    }
    let mut half = [0; PROBE_BYTES];
    for (half, sum) in half.iter_mut().zip(sum) {
        let digit = (carry << 8) | u16::from(sum);
        *half = (digit >> 1).to_be_bytes()[1];
        carry = digit & 1;
    }
    (half > *low && half < *high).then_some(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_lies_between() {
        let number = |bytes: &[u8]| padded(bytes);
        assert_eq!(middle(&number(&[1]), &number(&[3])), Some(number(&[2])));
        assert_eq!(
            middle(&number(&[1]), &number(&[2])),
            Some(number(&[1, 0x80]))
        );
        assert_eq!(
            middle(&number(&[0xff]), &number(&[0xff, 2])),
            Some(number(&[0xff, 1]))
        );
        assert_eq!(
            stepped(&number(&[1]), PROBE_BYTES * 8 - 7),
            Some(number(&[3]))
        );
        assert_eq!(
            stepped(&number(&[1, 0xff]), PROBE_BYTES * 8 - 16),
            Some(number(&[2]))
        );
        assert_eq!(stepped(&number(&[0xff]), PROBE_BYTES * 8 - 8), None);
        let mut next = number(&[7]);
        next[PROBE_BYTES - 1] = 1;
        assert_eq!(middle(&number(&[7]), &next), None);
    }
}
