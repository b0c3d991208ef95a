//! The form of sled 0.34's snapshots: tables of the pages, each with the places in the log that its state is in.
//!
//! LSN up to which the log is in it and active segment, then the pages by number, then length and CRC-32. A page is a count
//! and that many places, or 0 and the one place that says that it was freed. A place is an LSN, 8 octets; 0 and where in
//! the file it is, or 1, that, and 8 octets more; and, but of a freed page, the size there. sled numbers pages without a gap.

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
        let lsn = lsn.ok_or(LogFault::Snapshot)?;
        Self::decode(lsn, &std::fs::read(newest)?).ok_or(LogFault::Snapshot)
    }

    fn decode(lsn: u64, octets: &[u8]) -> Option<Self> {
        let (rest, crc) = octets.split_last_chunk()?;
        let (table, _len) = rest.split_last_chunk::<8>()?;
        if crc32fast::hash(table) != u32::from_le_bytes(*crc) {
            return None;
        }
        let (_lsn, mut pages) = table.split_first_chunk::<8>()?;
        read_varint(&mut pages)?;
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
        let mut rest = self.pages.as_slice();
        let mut page = 0;
        while !rest.is_empty() {
            let places = read_page(&mut rest).ok_or(LogFault::Snapshot)?;
            let mut places = places.iter();
            let is_there = |place: &Place| segments.holds(place.lsn, place.at_byte);
            if !seen.replaced.contains(&page) && !places.all(is_there) {
                return Err(LogFault::Missing("a part of its log"));
            }
            page += 1;
        }
        let last = seen.replaced.iter().chain(&seen.added_to).max();
        let mut later = last.map_or(page..page, |last| page..last + 1);
        if later.all(|page| seen.replaced.contains(&page)) {
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
    let is_elsewhere = read_octet(table)? == 1;
    let at_byte = read_varint(table)?;
    if is_elsewhere {
        read_number(table)?;
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
