//! Reads sled's log before sled does, and writes nothing.
//!
//! What sled cannot read at the end of its log it takes for a torn write and overwrites with zeros; in the middle it
//! passes over it in silence. After a power cut that is right for what nobody was told of. For damage it would destroy
//! what might still be saved. So the log is read here first, with what [`Mark`] says about it:
//!
//! - the log must be whole as far as was acknowledged, and as sled's newest snapshot has it;
//! - a segment that the file ends within must have all that was acknowledged: a file that was cut off ends so;
//! - after an orderly end every segment must be whole. That is read for the newest [`READ_BYTES`] alone, so that
//!   opening stays quick: damage in older ones is found when they are read, or by checking the whole store.
//!
//! The form of the log is sled 0.34's (its `pagecache/logger.rs`, `iterator.rs`), to which the version is pinned:
//! segments of [`SEGMENT_BYTES`], in any order in the file. Each begins with CRC-32, LSN and highest stable LSN, and goes
//! on with messages: CRC-32, kind, then as varints length, segment number and page, then the body.

use super::mark::Mark;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Octets of a segment: sled's default, written out because the files depend on it.
pub(super) const SEGMENT_BYTES: usize = 512 * 1024;
/// Most octets of the log that are read after an orderly end: a second's work.
const READ_BYTES: usize = 1024 * 1024 * 1024;

/// How a snapshot's name begins.
const SNAPSHOT: &str = "snap.";
/// How the name of a snapshot ends that sled has not finished.
pub(super) const UNFINISHED: &str = ".generating";

const SEGMENT_HEADER_BYTES: usize = 20;
/// No message but a cap begins as close as this to its segment's end.
const RED_ZONE_BYTES: usize = 32;
/// Kind of the message that says that nothing more comes in its segment.
const CAP: u8 = 2;
/// The highest kind of message there is. The lowest, 0, stands for what is no message.
const HIGHEST_KIND: u8 = 11;

/// What is wrong with a log.
#[derive(Debug, thiserror::Error)]
pub(super) enum LogFault {
    /// It cannot be read at all.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A part of it is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// It ends before what was acknowledged.
    #[error("its log ends before what was acknowledged")]
    CutShort,
    /// Something in it is not what was written.
    #[error("its log is not as it was written, at byte {at_byte}")]
    Changed {
        /// Where in the file.
        at_byte: u64,
    },
    /// The engine's own settings are not what was written.
    #[error("its settings are not as they were written")]
    Settings,
    /// The engine's table of pages is not what was written.
    #[error("its table of pages is not as it was written")]
    Snapshot,
}

/// How a segment's messages end.
enum End {
    /// In order: by a cap, or with no room for more.
    Whole,
    /// With something, this many bytes into the segment, that is no message.
    Torn(usize),
}

/// A segment's place in the log, and its place in the file.
#[derive(Clone, Copy)]
struct Segment {
    lsn: u64,
    at_byte: u64,
}

/// The log's segments.
#[derive(Default)]
struct Segments {
    by_lsn: BTreeMap<u64, Segment>,
    /// sled's own word for how far the log was written.
    stable_lsn: u64,
    /// Headers that are neither sound nor empty.
    broken: Vec<u64>,
}

/// Checks what is in sled's directory against the mark.
///
/// # Errors
/// See [`LogFault`].
pub(super) fn check(sled: &Path, mark: Mark) -> Result<(), LogFault> {
    check_settings(&sled.join("conf"))?;
    let snapshot_lsn = check_snapshot(sled)?;
    let log = there("its log, the file `sled/db`,", File::open(sled.join("db")))?;
    let segments = Segments::read(&log)?;
    if mark.was_closed {
        check_newest(&log, &segments, mark.durable_lsn)?;
    } else {
        check_last_in_file(&log, &segments, mark.durable_lsn)?;
    }
    let end = end_of_log(&log, &segments, snapshot_lsn)?;
    if end <= mark.durable_lsn || end < snapshot_lsn {
        return Err(LogFault::CutShort);
    }
    Ok(())
}

/// What was read of a file that must be there.
fn there<T>(what: &'static str, read: io::Result<T>) -> Result<T, LogFault> {
    read.map_err(|error| match error.kind() {
        ErrorKind::NotFound => LogFault::Missing(what),
        _ => LogFault::Io(error),
    })
}

/// sled itself only warns when the checksum of its settings is wrong.
fn check_settings(path: &Path) -> Result<(), LogFault> {
    let what = "the file of its settings, `sled/conf`,";
    let settings = there(what, std::fs::read(path))?;
    let (text, crc) = settings.split_last_chunk().ok_or(LogFault::Settings)?;
    if crc32fast::hash(text) == u32::from_le_bytes(*crc) {
        Ok(())
    } else {
        Err(LogFault::Settings)
    }
}

/// The newest of the tables by which sled finds its pages: its length and its checksum end it. Gives the LSN up to which
/// the log is in it, which is its name; 0 if there is none.
fn check_snapshot(sled: &Path) -> Result<u64, LogFault> {
    let mut newest = None;
    for entry in sled.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let is_finished = name.to_string_lossy().starts_with(SNAPSHOT)
            && !name.to_string_lossy().ends_with(UNFINISHED);
        if is_finished {
            newest = newest.max(Some(entry.path()));
        }
    }
    let Some(newest) = newest else { return Ok(0) };
    let name = newest.file_name().map(OsStr::to_string_lossy);
    let lsn = name.as_deref().and_then(|name| name.strip_prefix(SNAPSHOT));
    let lsn = lsn.and_then(|lsn| u64::from_str_radix(lsn, 16).ok());
    let lsn = lsn.ok_or(LogFault::Snapshot)?;
    let octets = std::fs::read(newest)?;
    let (rest, crc) = octets.split_last_chunk().ok_or(LogFault::Snapshot)?;
    let (table, _len) = rest.split_last_chunk::<8>().ok_or(LogFault::Snapshot)?;
    if crc32fast::hash(table) == u32::from_le_bytes(*crc) {
        Ok(lsn)
    } else {
        Err(LogFault::Snapshot)
    }
}

impl Segments {
    fn read(log: &File) -> Result<Self, LogFault> {
        let mut segments = Self::default();
        let len_bytes = log.metadata()?.len();
        for at_byte in (0..len_bytes).step_by(SEGMENT_BYTES) {
            let mut header = [0; SEGMENT_HEADER_BYTES];
            match log.read_exact_at(&mut header, at_byte) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
                outcome => outcome?,
            }
            match read_header(&header) {
                Some((lsn, stable_lsn)) => {
                    segments.by_lsn.insert(lsn, Segment { lsn, at_byte });
                    segments.stable_lsn = segments.stable_lsn.max(stable_lsn);
                }
                None if header == [0; SEGMENT_HEADER_BYTES] => {}
                None => segments.broken.push(at_byte),
            }
        }
        Ok(segments)
    }
}

/// A segment header's own LSN and the highest stable one when it was written.
fn read_header(header: &[u8; SEGMENT_HEADER_BYTES]) -> Option<(u64, u64)> {
    let (crc, fields) = header.split_first_chunk()?;
    let (lsn, stable) = fields.split_first_chunk()?;
    let number = |field: &[u8; 8]| i64::from_le_bytes(*field) ^ i64::MAX;
    if crc32fast::hash(fields) != u32::from_le_bytes(*crc) ^ u32::MAX {
        return None;
    }
    // Before the first byte is written, -1 is stable.
    let stable_lsn = u64::try_from(number(stable.try_into().ok()?)).unwrap_or(0);
    Some((u64::try_from(number(lsn)).ok()?, stable_lsn))
}

/// Whether the newest segments are whole, the last of all excepted where it is still being filled.
fn check_newest(log: &File, segments: &Segments, durable_lsn: u64) -> Result<(), LogFault> {
    if let Some(&at_byte) = segments.broken.first() {
        return Err(LogFault::Changed { at_byte });
    }
    let newest = segments.by_lsn.values().rev();
    for segment in newest.take(READ_BYTES / SEGMENT_BYTES) {
        check_segment(log, *segment, durable_lsn)?;
    }
    Ok(())
}

/// Whether the segment that the file ends within has all that was acknowledged, however old it is: a file that was cut
/// off ends within one. Segments that are there in full may have been freed, and be about to be written again.
fn check_last_in_file(log: &File, segments: &Segments, durable_lsn: u64) -> Result<(), LogFault> {
    let len_bytes = log.metadata()?.len();
    let mut all = segments.by_lsn.values();
    match all.find(|segment| segment.at_byte + SEGMENT_BYTES as u64 > len_bytes) {
        Some(segment) => check_segment(log, *segment, durable_lsn),
        None => Ok(()),
    }
}

/// Whether a segment is whole as far as was acknowledged.
fn check_segment(log: &File, segment: Segment, durable_lsn: u64) -> Result<(), LogFault> {
    match read_segment(log, segment)? {
        End::Torn(at) if segment.lsn + at as u64 <= durable_lsn => Err(LogFault::Changed {
            at_byte: segment.at_byte + at as u64,
        }),
        _ => Ok(()),
    }
}

/// The LSN behind the last message, found as sled finds it: from the segment that its headers or its snapshot call
/// stable, on to the first thing that is no message. Segments before that one may have been freed, and written again.
fn end_of_log(log: &File, segments: &Segments, snapshot_lsn: u64) -> Result<u64, LogFault> {
    let segment_bytes = SEGMENT_BYTES as u64;
    let stable_lsn = segments.stable_lsn.max(snapshot_lsn);
    let mut end = stable_lsn / segment_bytes * segment_bytes;
    if !segments.by_lsn.contains_key(&end) {
        // A snapshot at the end of a full segment is called by the beginning of the next, which there may not be yet.
        end = end.saturating_sub(segment_bytes);
    }
    while let Some(segment) = segments.by_lsn.get(&end) {
        match read_segment(log, *segment)? {
            End::Whole => end += segment_bytes,
            End::Torn(at) => return Ok(end + at as u64),
        }
    }
    Ok(end)
}

fn read_segment(log: &File, segment: Segment) -> io::Result<End> {
    let mut octets = vec![0; SEGMENT_BYTES];
    let mut len_bytes = 0;
    while let Some(rest) = octets.get_mut(len_bytes..).filter(|rest| !rest.is_empty()) {
        match log.read_at(rest, segment.at_byte + len_bytes as u64)? {
            0 => break,
            more => len_bytes += more,
        }
    }
    octets.truncate(len_bytes);
    let mut at = SEGMENT_HEADER_BYTES;
    while at + RED_ZONE_BYTES < SEGMENT_BYTES {
        let message = octets
            .get(at..)
            .and_then(|rest| read_message(rest, segment.lsn / SEGMENT_BYTES as u64));
        match message {
            None => return Ok(End::Torn(at)),
            Some((CAP, _)) => return Ok(End::Whole),
            Some((_, len_bytes)) => at += len_bytes,
        }
    }
    Ok(End::Whole)
}

/// Kind and length of the message that the octets begin with, if they do.
fn read_message(octets: &[u8], segment_number: u64) -> Option<(u8, usize)> {
    let (crc, rest) = octets.split_first_chunk()?;
    let (&kind, mut fields) = rest.split_first()?;
    let body_len = usize::try_from(read_varint(&mut fields)?).ok()?;
    let number = read_varint(&mut fields)?;
    let _page = read_varint(&mut fields)?;
    let body = fields.get(..body_len)?;
    let head = rest.get(..rest.len() - fields.len())?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(body);
    hasher.update(head);
    let is_sound = hasher.finalize() ^ u32::MAX == u32::from_le_bytes(*crc)
        && (1..=HIGHEST_KIND).contains(&kind)
        && number == segment_number;
    is_sound.then_some((kind, size_of::<u32>() + head.len() + body_len))
}

/// sled's variable-length integers.
fn read_varint(octets: &mut &[u8]) -> Option<u64> {
    let (&first, mut rest) = octets.split_first()?;
    let mut byte = || {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        Some(u64::from(byte))
    };
    let number = match first {
        0..=240 => u64::from(first),
        241..=248 => 240 + 256 * (u64::from(first) - 241) + byte()?,
        249 => 2_288 + 256 * byte()? + byte()?,
        250.. => (0..u32::from(first) - 247)
            .try_fold(0, |number, place| Some(number | byte()? << (8 * place)))?,
    };
    *octets = rest;
    Some(number)
}
