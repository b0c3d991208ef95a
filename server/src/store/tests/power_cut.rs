//! What a kill or a power cut leaves of a log: nothing that was acknowledged is lost, and it can be gone on with.

use super::damage::{SEGMENT_BYTES, db, durable, headers, in_file, overwrite, refused};
use super::fixture::{copy, options};
use crate::store::SledEngine;
use crate::store::engine::{Batch, Engine as _};
use tempfile::TempDir;

/// Takes away the headers of all segments from this one on: the log is cut off there.
fn cut_off(data: &TempDir, lsn: u64) {
    for (at_byte, _) in headers(data).range(lsn..).map(|(_, header)| header) {
        overwrite(&db(data), *at_byte, &[0; 20]);
    }
}

/// Writes the note of a process that died, or lost its power, when this much was noted.
fn note(data: &TempDir, durable_lsn: u64) {
    let mut octets = durable_lsn.to_be_bytes().to_vec();
    octets.push(0);
    octets.extend(crc32fast::hash(&octets).to_be_bytes());
    overwrite(&data.path().join("durable"), 0, &octets);
}

/// What a batch writes and what was noted after it.
struct Written {
    key: Vec<u8>,
    value: Vec<u8>,
    durable_lsn: u64,
}

/// The data of a process that was killed while its log grew: each time when a segment had been begun, with the segment's
/// LSN.
fn killed_while_growing() -> (Vec<(u64, TempDir)>, Vec<Written>) {
    let directory = TempDir::new().unwrap();
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    let (mut killed, mut written) = (Vec::new(), Vec::new());
    let mut newest = 0;
    for n in 0..45_u8 {
        let key = vec![b'k', n];
        let value: Vec<u8> = (0..60_000_u32).map(|at| at as u8 ^ n).collect();
        put(&engine, &key, &value);
        let durable_lsn = durable(&directory);
        written.push(Written {
            key,
            value,
            durable_lsn,
        });
        let (last, _) = headers(&directory).pop_last().unwrap();
        if last > newest {
            newest = last;
            killed.push((newest, copy(directory.path())));
        }
    }
    (killed, written)
}

fn put(engine: &SledEngine, key: &[u8], value: &[u8]) {
    let mut batch = Batch::default();
    batch.put(key, value.to_vec());
    engine.commit(&batch).unwrap();
}

fn open_engine(data: &TempDir) -> SledEngine {
    SledEngine::open(data.path(), &options()).unwrap()
}

/// Opens the data, sees that nothing is lost that was noted, writes a little, kills it, and sees that again.
fn goes_on(data: &TempDir, written: &[Written], durable_lsn: u64) {
    let known = |engine: &SledEngine| {
        let known = written.iter().filter(|it| it.durable_lsn <= durable_lsn);
        for it in known {
            let found = engine.get(&it.key).unwrap();
            assert!(found.as_ref() == Some(&it.value), "{:?} is lost", it.key);
        }
    };
    let engine = open_engine(data);
    known(&engine);
    put(&engine, b"more", b"a little");
    let killed = copy(data.path());
    drop(engine);
    let engine = open_engine(&killed);
    known(&engine);
    assert_eq!(engine.get(b"more").unwrap().unwrap(), b"a little");
}

/// Fills up the log's last segment from here on, as sled does where there is no room for the next message.
fn fill_up(data: &TempDir, lsn: u64) {
    let room = usize::try_from(SEGMENT_BYTES - lsn % SEGMENT_BYTES).unwrap();
    let body = vec![0; room - 32];
    let len = u32::try_from(body.len()).unwrap().to_le_bytes();
    let number = u8::try_from(lsn / SEGMENT_BYTES).unwrap();
    let mut head = vec![2, 250, len[0], len[1], len[2], number];
    head.extend([0xff; 9]);
    let crc = crc32fast::hash(&[&body[..], &head].concat()) ^ u32::MAX;
    let mut octets = [&crc.to_le_bytes()[..], &head, &body].concat();
    octets.resize(room, 0);
    overwrite(&db(data), in_file(data, lsn), &octets);
}

/// sled counts what fills up a segment as written, and writes over it when the next segment is not there.
#[test]
fn a_note_of_what_only_filled_a_segment_up_is_taken_back() {
    let (killed, written) = killed_while_growing();
    for (segment, data) in killed {
        let last = durable(&data);
        let opened = copy(data.path());
        drop(open_engine(&opened));
        assert_eq!(durable(&opened), last);
        fill_up(&data, last + 1);
        note(&data, segment + SEGMENT_BYTES - 1);
        let opened = copy(data.path());
        drop(open_engine(&opened));
        assert_eq!(durable(&opened), last);
        goes_on(&data, &written, last);
    }
}

/// Data whose log ends with a segment whose header says that the log was written as far as into the one before, and that
/// one's header is not there, as a power cut may have it; with the place in the log of what is missing.
fn lost_headers(killed: Vec<(u64, TempDir)>) -> Vec<(u64, TempDir)> {
    let lost = killed.into_iter().filter_map(|(last, data)| {
        let headers = headers(&data);
        let (_, stable_lsn) = headers[&last];
        let lsn = stable_lsn - stable_lsn % SEGMENT_BYTES;
        if lsn == 0 || lsn + SEGMENT_BYTES != last {
            return None;
        }
        overwrite(&db(&data), headers[&lsn].0, &[0; 20]);
        Some((lsn, data))
    });
    lost.collect()
}

#[test]
fn a_power_cut_that_takes_a_header_takes_nothing_that_was_acknowledged() {
    let (killed, written) = killed_while_growing();
    let lost = lost_headers(killed);
    assert!(lost.len() > 1);
    for (lsn, data) in lost {
        let before = written.iter().map(|it| it.durable_lsn);
        let durable_lsn = before.filter(|durable_lsn| *durable_lsn < lsn).max();
        note(&data, durable_lsn.unwrap());
        let (taken, clean) = (copy(data.path()), copy(data.path()));
        cut_off(&clean, lsn);
        let (taken, clean) = (open_engine(&taken), open_engine(&clean));
        for it in &written {
            let (taken, clean) = (taken.get(&it.key).unwrap(), clean.get(&it.key).unwrap());
            assert!(taken == clean, "{:?} behind {lsn}", it.key);
        }
        drop((taken, clean));
        goes_on(&data, &written, durable_lsn.unwrap());
    }
}

#[test]
fn a_lost_header_of_what_was_acknowledged_is_damage() {
    let (killed, _) = killed_while_growing();
    for (lsn, data) in lost_headers(killed) {
        for durable_lsn in [lsn, lsn + 20, lsn + SEGMENT_BYTES + 1] {
            note(&data, durable_lsn);
            refused(&data, &format!("no header of {lsn}"));
        }
    }
}
