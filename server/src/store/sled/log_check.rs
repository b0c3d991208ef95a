//! Reads sled's log before sled does, and writes nothing.
//!
//! What sled cannot read at the end of its log it takes for a torn write and overwrites with zeros; in the middle it
//! passes over it in silence. After a power cut that is right for what nobody was told of. For damage it would destroy
//! what might still be saved. So the log is read here first, with what [`Mark`] says about it:
//!
//! - the log must be whole as far as was acknowledged, and as sled's newest snapshot has it;
//! - a segment that others say was written must be there, or they and it are not counted: all of it after what was
//!   acknowledged. sled would count nothing then;
//! - a segment that the file ends within must have all that was acknowledged: a file that was cut off ends so;
//! - no page may be without its beginning: it is where sled's newest snapshot says, or in a segment written since;
//! - after an orderly end every segment must be whole;
//! - after any other end every segment must be whole that a page's state is in. One that no page needs may have been cut
//!   off while it was written over.
//!
//! Of the segments the newest [`READ_BYTES`] are read, so that opening stays quick: damage in older ones is found when
//! they are read, or by checking the whole store.

use super::log_form::{Effect, End, Message, SEGMENT_BYTES, Segment, SegmentOctets, Segments};
use super::mark::Mark;
use super::snapshot::{PagesSeen, Snapshot};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Most octets of the log that are read: a second's work.
const READ_BYTES: usize = 1024 * 1024 * 1024;
/// The segments in these.
const SEGMENTS_READ: usize = READ_BYTES / SEGMENT_BYTES;

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

/// What must be done before sled opens a sound log.
pub(super) struct Sound {
    /// The mark by which to go on.
    pub(super) mark: Mark,
    /// Where in the file headers are that must be empty: of segments that nobody was told of, which say of one that is not
    /// there that it is.
    pub(super) headers_to_empty: Vec<u64>,
}

/// Checks what is in sled's directory against the mark.
///
/// # Errors
/// See [`LogFault`].
pub(super) fn check(sled: &Path, mut mark: Mark) -> Result<Sound, LogFault> {
    check_settings(&sled.join("conf"))?;
    let snapshot = Snapshot::read(sled)?;
    let log = there("its log, the file `sled/db`,", File::open(sled.join("db")))?;
    let mut segments = Segments::read(&log)?;
    check_last_in_file(&log, &segments, mark.durable_lsn)?;
    let headers_to_empty = set_aside(&mut segments, snapshot.lsn, mark.durable_lsn)?;
    let end = end_of_log(&log, &segments, snapshot.lsn)?;
    if end.lsn <= mark.durable_lsn || end.lsn < snapshot.lsn {
        return Err(LogFault::CutShort);
    }
    let reach = Reach {
        snapshot_lsn: snapshot.lsn,
        durable_lsn: mark.durable_lsn,
        end_lsn: end.lsn,
    };
    let seen = check_segments(&log, &mut segments, mark.was_closed, reach)?;
    let since_snapshot = segments.by_lsn.range(begin_of_segment(snapshot.lsn)..);
    // Of a log whose messages were not all read nobody knows what is missing.
    if since_snapshot.count() <= SEGMENTS_READ {
        snapshot.check_pages(&segments, &seen)?;
    }
    // What filled a segment up was on the disk, and is about to be written over.
    mark.durable_lsn = mark.durable_lsn.min(end.goes_on_at - 1);
    Ok(Sound {
        mark,
        headers_to_empty,
    })
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

/// How far a log is known.
#[derive(Clone, Copy)]
struct Reach {
    snapshot_lsn: u64,
    durable_lsn: u64,
    end_lsn: u64,
}

/// Whether the newest segments are whole: after an orderly end all of them; after any other those that a page's state is in,
/// as far as can still be made out, by the messages before the damage and by those behind it. So it is in either case with
/// one whose header is empty. Gives what they say of pages since the snapshot.
fn check_segments(
    log: &File,
    segments: &mut Segments,
    was_closed: bool,
    reach: Reach,
) -> Result<PagesSeen, LogFault> {
    if was_closed && let Some(&at_byte) = segments.broken.first() {
        return Err(LogFault::Changed { at_byte });
    }
    let headless = segments.find_headless(log, reach.durable_lsn, SEGMENTS_READ)?;
    let (mut seen, mut replaced_later) = (PagesSeen::default(), HashSet::new());
    let newest = segments.by_lsn.range(..reach.end_lsn).rev();
    for (_, segment) in newest.take(SEGMENTS_READ) {
        let octets = SegmentOctets::read(log, segment.at_byte)?;
        let is_headless = headless.contains(&segment.lsn);
        let mut messages = Vec::new();
        let torn_at = if is_headless {
            Some(0)
        } else {
            let end = octets.messages(segment.lsn, |message| messages.push(message));
            torn_at(*segment, end, reach.durable_lsn)
        };
        note_pages(*segment, &messages, reach, &mut seen);
        if let Some(at) = torn_at {
            octets.messages_anywhere(segment.lsn, at, |message| messages.push(message));
        }
        messages.retain(|message| segment.lsn_of(message) < reach.end_lsn);
        let is_needed = has_page_state(&messages, &mut replaced_later);
        if let Some(at) = torn_at
            && (is_needed || was_closed && !is_headless)
        {
            return Err(changed(*segment, at));
        }
    }
    Ok(seen)
}

/// Notes what messages say of pages that sled has not taken into its snapshot.
fn note_pages(segment: Segment, messages: &[Message], reach: Reach, seen: &mut PagesSeen) {
    let since_snapshot = reach.snapshot_lsn..reach.end_lsn;
    let is_new = |message: &&Message| since_snapshot.contains(&segment.lsn_of(message));
    for message in messages.iter().filter(is_new) {
        match message.effect {
            Effect::Replaces => seen.replaced.insert(message.page),
            Effect::Adds => seen.added_to.insert(message.page),
            Effect::Ends | Effect::Nothing => continue,
        };
    }
}

/// Whether any of a segment's messages is a part of its page's state, and notes which pages they replace. The pages that
/// later segments replace are known.
fn has_page_state(messages: &[Message], replaced_later: &mut HashSet<u64>) -> bool {
    let mut has_any = false;
    for message in messages.iter().rev() {
        has_any |= match message.effect {
            Effect::Replaces => replaced_later.insert(message.page),
            Effect::Adds => !replaced_later.contains(&message.page),
            Effect::Ends | Effect::Nothing => false,
        };
    }
    has_any
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
    match torn_at(segment, read_end(log, segment)?, durable_lsn) {
        Some(at) => Err(changed(segment, at)),
        None => Ok(()),
    }
}

/// Where a segment is torn within what was acknowledged.
fn torn_at(segment: Segment, end: End, durable_lsn: u64) -> Option<usize> {
    match end {
        End::Torn(at) if segment.lsn + at as u64 <= durable_lsn => Some(at),
        _ => None,
    }
}

fn changed(segment: Segment, at: usize) -> LogFault {
    LogFault::Changed {
        at_byte: segment.at_byte + at as u64,
    }
}

fn read_end(log: &File, segment: Segment) -> io::Result<End> {
    Ok(SegmentOctets::read(log, segment.at_byte)?.messages(segment.lsn, |_| ()))
}

/// Takes out the segments that say of one that is not there that it was written. A power cut that takes the beginning of
/// one and leaves the next has it so, if nobody was told of anything in either. sled looks for its log's end from there
/// on: it would find none, and overwrite all since its snapshot. Gives where in the file their headers are.
fn set_aside(
    segments: &mut Segments,
    snapshot_lsn: u64,
    durable_lsn: u64,
) -> Result<Vec<u64>, LogFault> {
    let mut headers = Vec::new();
    loop {
        let written_lsn = begin_of_segment(segments.stable_lsn());
        let is_there = segments.by_lsn.contains_key(&written_lsn);
        if is_there || written_lsn <= begin_of_segment(snapshot_lsn) {
            return Ok(headers);
        }
        let taken = segments.take_out(written_lsn);
        let is_known = |segment: &Segment| segment.lsn <= durable_lsn;
        if written_lsn <= durable_lsn || taken.iter().any(is_known) {
            return Err(LogFault::CutShort);
        }
        headers.extend(taken.iter().map(|segment| segment.at_byte));
    }
}

/// Where the segment begins that a place in the log is in.
const fn begin_of_segment(lsn: u64) -> u64 {
    lsn - lsn % SEGMENT_BYTES as u64
}

/// The end of a log.
struct LogEnd {
    /// Behind the last message, and behind what fills its segment up.
    lsn: u64,
    /// Where sled writes the next message: in the place of a cap, if no segment comes behind it.
    goes_on_at: u64,
}

/// Found as sled finds it: from the segment that its headers or its snapshot call stable, on to the first thing that is no
/// message. Segments before that one may have been freed, and written again.
fn end_of_log(log: &File, segments: &Segments, snapshot_lsn: u64) -> Result<LogEnd, LogFault> {
    let mut end = begin_of_segment(segments.stable_lsn().max(snapshot_lsn));
    if !segments.by_lsn.contains_key(&end) {
        // A snapshot at the end of a full segment is called by the beginning of the next, which there may not be yet. What
        // headers say was written is there.
        end = end.saturating_sub(SEGMENT_BYTES as u64);
    }
    let mut goes_on_at = end;
    while let Some(segment) = segments.by_lsn.get(&end) {
        let (len_bytes, goes_on_behind, is_last) = match read_end(log, *segment)? {
            End::Full => (SEGMENT_BYTES, SEGMENT_BYTES, false),
            End::Capped(at) => (SEGMENT_BYTES, at, false),
            End::Unfilled => (SEGMENT_BYTES, SEGMENT_BYTES, true),
            End::Torn(at) => (at, at, true),
        };
        goes_on_at = end + goes_on_behind as u64;
        end += len_bytes as u64;
        if is_last {
            break;
        }
    }
    // What a snapshot has is not written over.
    let goes_on_at = goes_on_at.max(snapshot_lsn);
    Ok(LogEnd {
        lsn: end,
        goes_on_at,
    })
}
