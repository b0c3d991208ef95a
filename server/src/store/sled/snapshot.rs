//! The form of sled 0.34's snapshots: tables of the pages, each with the places in the log that its state is in.
//!
//! LSN up to which the log is in it and active segment, each one more than it is, then the pages by number, then length and
//! CRC-32. A page is a count and that many places, or 0 and the one place that says that it was freed. A place is an LSN, 8
//! octets; 0 and where in the file it is, or 1, that, and 8 octets more, which name a file that the value is in; and, but of
//! a freed page, the size there. sled numbers pages without a gap.

use super::log_check::LogFault;
use super::log_form::{Segments, read_varint};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

/// How a snapshot's name begins.
const NAME: &str = "snap.";
/// How the name of a snapshot ends that sled has not finished.
pub(super) const UNFINISHED: &str = ".generating";

/// The newest snapshot, or what there is where none was written.
#[derive(Default)]
pub(super) struct Snapshot {
    /// Up to where the log is in it.
    pub(super) lsn: u64,
    /// The pages, in sled's form.
    pages: Vec<u8>,
}

/// What messages that are in no snapshot say of pages.
#[derive(Default)]
pub(super) struct PagesSeen {
    /// Those of which one says what they are, or that they are no more.
    pub(super) replaced: HashSet<u64>,
    /// Those that one adds to.
    pub(super) added_to: HashSet<u64>,
}

/// Where a part of a page's state is.
struct Place {
    lsn: u64,
    at_byte: u64,
}

impl Snapshot {
    /// Reads the newest in sled's directory.
    ///
    /// # Errors
    /// That it cannot be read, or is not as it was written.
    pub(super) fn read(sled: &Path) -> Result<Self, LogFault> {
        let mut newest = None;
        for entry in sled.read_dir()? {
            let entry = entry?;
            let name = entry.file_name();
            let is_finished = name.to_string_lossy().starts_with(NAME)
                && !name.to_string_lossy().ends_with(UNFINISHED);
            if is_finished {
                newest = newest.max(Some(entry.path()));
            }
        }
        let Some(newest) = newest else {
            return Ok(Self::default());
        };
        let name = newest.file_name().map(OsStr::to_string_lossy);
        let lsn = name.as_deref().and_then(|name| name.strip_prefix(NAME));
        let lsn = lsn.and_then(|lsn| u64::from_str_radix(lsn, 16).ok());
        let snapshot = Self::decode(&std::fs::read(newest)?);
        // sled goes by what is in it, and finds the newest by the names.
        snapshot
            .filter(|snapshot| Some(snapshot.lsn) == lsn)
            .ok_or(LogFault::Snapshot)
    }

    fn decode(octets: &[u8]) -> Option<Self> {
        let (rest, crc) = octets.split_last_chunk()?;
        let (table, _len) = rest.split_last_chunk::<8>()?;
        if crc32fast::hash(table) != u32::from_le_bytes(*crc) {
            return None;
        }
        let mut pages = table;
        // 0 would say that there is none; then there is no snapshot either.
        let lsn = read_number(&mut pages)?.checked_sub(1)?;
        let _active_segment = read_varint(&mut pages)?;
        Some(Self {
            lsn,
            pages: pages.to_vec(),
        })
    }

    /// Refuses a log that lacks a segment which a page's state is in, if its messages from this snapshot on say no more
    /// than was seen. A file that was cut off between two segments lacks some, whatever their age.
    ///
    /// # Errors
    /// What is missing, and a table that is none.
    pub(super) fn check_pages(
        &self,
        segments: &Segments,
        seen: &PagesSeen,
    ) -> Result<(), LogFault> {
        let is_there = |place: Place| segments.holds(place.lsn, place.at_byte);
        let mut table = self.pages.as_slice();
        let (mut page, mut is_whole) = (0, true);
        while !table.is_empty() {
            let places = read_page(&mut table).ok_or(LogFault::Snapshot)?;
            is_whole &= seen.replaced.contains(&page) || places.into_iter().all(is_there);
            page += 1;
        }
        let last = seen.replaced.iter().chain(&seen.added_to).max();
        let mut later = last.map_or(page..page, |last| page..last + 1);
        if is_whole && later.all(|page| seen.replaced.contains(&page)) {
            Ok(())
        } else {
            Err(LogFault::Missing("a part of its log"))
        }
    }
}

/// The places of the next page in a table.
fn read_page(table: &mut &[u8]) -> Option<Vec<Place>> {
    match read_octet(table)? {
        0 => Some(vec![read_place(table)?]),
        count => {
            let mut places = Vec::with_capacity(count.into());
            for _ in 0..count {
                places.push(read_place(table)?);
                let _size = read_varint(table)?;
            }
            Some(places)
        }
    }
}

fn read_place(table: &mut &[u8]) -> Option<Place> {
    let lsn = read_number(table)?;
    let is_in_a_file = read_octet(table)? == 1;
    let at_byte = read_varint(table)?;
    if is_in_a_file {
        let _file = read_number(table)?;
    }
    Some(Place { lsn, at_byte })
}

fn read_octet(octets: &mut &[u8]) -> Option<u8> {
    let (&octet, rest) = octets.split_first()?;
    *octets = rest;
    Some(octet)
}

fn read_number(octets: &mut &[u8]) -> Option<u64> {
    let (number, rest) = octets.split_first_chunk()?;
    *octets = rest;
    u64::try_from(i64::from_le_bytes(*number)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lsn(number: i64) -> [u8; 8] {
        number.to_le_bytes()
    }

    #[test]
    fn pages_of_each_sort_are_read() {
        let replaced_and_added_to = [&[2][..], &lsn(20), &[0, 20, 9], &lsn(524_400), &[0, 200, 7]];
        let freed = [&[0][..], &lsn(300), &[0, 240]];
        let in_a_file = [&[1][..], &lsn(400), &[1, 250, 1, 2, 3], &lsn(400), &[30]];
        let table = [
            replaced_and_added_to.concat(),
            freed.concat(),
            in_a_file.concat(),
        ]
        .concat();
        let mut rest = table.as_slice();
        let mut places = || {
            let places = read_page(&mut rest)?.into_iter();
            Some(places.map(|place| (place.lsn, place.at_byte)).collect())
        };
        assert_eq!(places(), Some(vec![(20, 20), (524_400, 200)]));
        assert_eq!(places(), Some(vec![(300, 240)]));
        assert_eq!(places(), Some(vec![(400, 0x03_02_01)]));
        assert_eq!(places(), None);
    }
}
