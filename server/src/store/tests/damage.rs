//! A log that is not as it was written: opening is refused, and every file stays as it is.

use super::fixture::{NOW_MS, Person, copy, open, options, read_blob};
use crate::store::engine::{Batch, Engine as _};
use crate::store::{OpenError, SledEngine, Store};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Octets of the letters: several of sled's segments.
const LETTER_BYTES: usize = 300_000;
pub(super) const SEGMENT_BYTES: u64 = 512 * 1024;

fn letter(n: u8) -> Vec<u8> {
    (0..LETTER_BYTES)
        .map(|at| (at as u8).wrapping_mul(n).wrapping_add(n))
        .collect()
}

/// A store with letters from alice to bob, the last of them in the last segment of the log.
fn fill(path: &Path) -> Store {
    let store = open(path);
    let (alice, bob) = (
        Person::sign_up(&store, "alice", 1),
        Person::sign_up(&store, "bob", 2),
    );
    store
        .server_setup(|| b"\x09localhostSETUP".to_vec())
        .unwrap();
    for n in 1..=5 {
        alice.send(&store, n, &letter(n), &[&bob]);
    }
    store
}

/// The data of a server that went down in order.
pub(super) fn closed() -> TempDir {
    let directory = TempDir::new().unwrap();
    drop(fill(directory.path()));
    copy(directory.path())
}

/// The data of one that was killed.
pub(super) fn killed() -> TempDir {
    let directory = TempDir::new().unwrap();
    let store = fill(directory.path());
    let killed = copy(directory.path());
    drop(store);
    killed
}

pub(super) fn db(data: &TempDir) -> PathBuf {
    data.path().join("sled").join("db")
}

/// The last place in the log that is known to be on the disk.
pub(super) fn durable(data: &TempDir) -> u64 {
    let note = fs::read(data.path().join("durable")).unwrap();
    u64::from_be_bytes(note[..8].try_into().unwrap())
}

/// Where in the file a place in the log is.
pub(super) fn in_file(data: &TempDir, lsn: u64) -> u64 {
    let log = fs::read(db(data)).unwrap();
    let begins_with = |segment: &[u8]| {
        let number = i64::from_le_bytes(segment[4..12].try_into().unwrap()) ^ i64::MAX;
        u64::try_from(number) == Ok(lsn - lsn % SEGMENT_BYTES)
    };
    let mut segments = log.chunks(usize::try_from(SEGMENT_BYTES).unwrap());
    let number = segments.position(begins_with).unwrap() as u64;
    number * SEGMENT_BYTES + lsn % SEGMENT_BYTES
}

/// Where in the file each segment is, by its LSN, and how far its header says that the log was written.
pub(super) fn headers(data: &TempDir) -> BTreeMap<u64, (u64, u64)> {
    let log = fs::read(db(data)).unwrap();
    let number = |octets: &[u8]| i64::from_le_bytes(octets.try_into().unwrap()) ^ i64::MAX;
    let segments = log.chunks(usize::try_from(SEGMENT_BYTES).unwrap());
    let headers = segments.zip((0..).step_by(usize::try_from(SEGMENT_BYTES).unwrap()));
    let headers = headers.filter_map(|(segment, at_byte)| {
        let lsn = u64::try_from(number(&segment[4..12])).unwrap();
        let stable_lsn = u64::try_from(number(&segment[12..20])).unwrap_or(0);
        (segment[..20] != [0; 20]).then_some((lsn, (at_byte, stable_lsn)))
    });
    headers.collect()
}

pub(super) fn overwrite(path: &Path, at: u64, octets: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(octets, at).unwrap();
}

fn flip(path: &Path, at: u64) {
    let octets = fs::read(path).unwrap();
    overwrite(path, at, &[octets[usize::try_from(at).unwrap()] ^ 0x40]);
}

/// Every file with its digest.
fn files(path: &Path) -> BTreeMap<PathBuf, [u8; 32]> {
    let mut found = BTreeMap::new();
    for entry in path.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let digest = Sha256::digest(fs::read(&path).unwrap());
            found.insert(path, digest.into());
        }
    }
    found
}

/// Refused, with what to do about it, and nothing is touched. Gives the words.
pub(super) fn refused(data: &TempDir, what: &str) -> String {
    let before = files(data.path());
    let opened = Store::open(data.path(), &options()).map(drop);
    let Err(error) = opened else {
        panic!("{what} passes unseen")
    };
    assert!(
        matches!(error, OpenError::Damaged { .. }),
        "{what}: {error}"
    );
    assert!(error.to_string().contains("restore a backup"), "{error}");
    let mut after = files(data.path());
    after.retain(|path, _| !path.ends_with("lock"));
    let mut before = before;
    before.retain(|path, _| !path.ends_with("lock"));
    assert!(before == after, "{what}: files were changed, {error}");
    error.to_string()
}

pub(super) fn check_letters(data: &TempDir) {
    let store = open(data.path());
    let bob = Person::new("bob", 2);
    let page = store.item_page(bob.account, bob.inbox, None, 9).unwrap();
    assert_eq!(page.items.len(), 5);
    for item in page.items {
        let octets = read_blob(&store, &bob, item.blob_id).unwrap();
        assert_eq!(octets.len(), LETTER_BYTES);
    }
    Person::new("alice", 1).upload(&store, b"it can be written too");
    assert!(store.sweep(NOW_MS).is_ok());
}

#[test]
fn sound_data_is_opened_after_either_end() {
    check_letters(&closed());
    check_letters(&killed());
}

#[test]
fn a_flipped_bit_anywhere_is_damage_after_an_orderly_end() {
    let data = closed();
    let end = in_file(&data, durable(&data));
    // Behind the end, the newest segment may hold what it held when it was used before: that is nobody's.
    let inside = |at: u64| {
        let is_behind = at > end && at / SEGMENT_BYTES == end / SEGMENT_BYTES;
        at + if is_behind { SEGMENT_BYTES } else { 0 }
    };
    for at in [
        3,
        21,
        inside(1_000),
        inside(300_000),
        524_288,
        524_300,
        inside(700_001),
        end - 500,
        end - 50,
        end,
    ] {
        flip(&db(&data), at);
        refused(&data, &format!("byte {at} of {end}"));
        flip(&db(&data), at);
    }
    check_letters(&data);
}

#[test]
fn files_cut_or_gone_are_damage() {
    type Spoil = fn(&TempDir);
    let faults: [(&str, Spoil); 7] = [
        ("a part of a segment", |data| {
            let file = OpenOptions::new().write(true).open(db(data)).unwrap();
            file.set_len(105_000).unwrap();
        }),
        ("an empty log", |data| fs::write(db(data), "").unwrap()),
        ("no log", |data| fs::remove_file(db(data)).unwrap()),
        ("no log and no note", |data| {
            fs::remove_dir_all(data.path().join("sled")).unwrap();
            fs::remove_file(data.path().join("durable")).unwrap();
        }),
        ("a log of zeros", |data| {
            let len = fs::metadata(db(data)).unwrap().len();
            overwrite(&db(data), 0, &vec![0; usize::try_from(len).unwrap()]);
        }),
        ("other settings", |data| {
            flip(&data.path().join("sled").join("conf"), 4);
        }),
        ("no settings", |data| {
            fs::remove_file(data.path().join("sled").join("conf")).unwrap();
        }),
    ];
    for (what, spoil) in faults {
        for data in [closed(), killed()] {
            spoil(&data);
            refused(&data, what);
        }
    }
}

#[test]
fn a_changed_snapshot_is_damage() {
    for data in [closed(), killed()] {
        // Opened once more, so that there is one.
        check_letters(&data);
        let data = copy(data.path());
        let mut names = data.path().join("sled").read_dir().unwrap();
        let snapshot = names
            .find_map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name.starts_with("snap.").then_some(path)
            })
            .unwrap();
        flip(&snapshot, 9);
        refused(&data, "another snapshot");
    }
}

#[test]
fn what_is_missing_is_named() {
    for name in ["sled/conf", "sled/db", "durable"] {
        let data = closed();
        fs::remove_file(data.path().join(name)).unwrap();
        let words = refused(&data, name);
        assert!(
            words.contains(&format!("`{name}`")) && words.contains("is missing"),
            "{words}"
        );
    }
}

#[test]
fn a_log_without_a_sound_note_is_damage_whatever_is_in_it() {
    type SpoilNote = fn(&Path);
    type SpoilLog = fn(&TempDir);
    let notes: [(&str, SpoilNote); 4] = [
        ("no note", |note| fs::remove_file(note).unwrap()),
        ("an empty note", |note| fs::write(note, "").unwrap()),
        ("half a note", |note| fs::write(note, [0; 6]).unwrap()),
        ("a changed note", |note| flip(note, 7)),
    ];
    let logs: [(&str, SpoilLog); 4] = [
        ("a whole log", |_| ()),
        ("a log cut short", |data| {
            remove_snapshots(data);
            let file = OpenOptions::new().write(true).open(db(data)).unwrap();
            file.set_len(105_000).unwrap();
        }),
        ("an empty log", |data| {
            remove_snapshots(data);
            fs::write(db(data), "").unwrap();
        }),
        ("no log", |data| {
            remove_snapshots(data);
            fs::remove_file(db(data)).unwrap();
        }),
    ];
    for sound in [closed(), killed()] {
        for (note, spoil_note) in notes {
            for (log, spoil_log) in logs {
                let data = copy(sound.path());
                spoil_log(&data);
                spoil_note(&data.path().join("durable"));
                let words = refused(&data, &format!("{note}, {log}"));
                assert!(words.contains("`durable`"), "{note}, {log}: {words}");
            }
        }
    }
}

#[test]
fn a_note_that_knows_of_nothing_beside_a_long_log_is_damage() {
    let data = closed();
    let begun = TempDir::new().unwrap();
    drop(SledEngine::open(begun.path(), &options()).unwrap());
    fs::copy(begun.path().join("durable"), data.path().join("durable")).unwrap();
    refused(&data, "another store's note");
}

fn remove_snapshots(data: &TempDir) {
    for entry in data.path().join("sled").read_dir().unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
}

#[test]
fn after_a_kill_what_was_acknowledged_must_be_there() {
    let data = killed();
    let end = in_file(&data, durable(&data));
    for at in [end, end - 500, end - end % SEGMENT_BYTES + 30] {
        flip(&db(&data), at);
        refused(&data, &format!("byte {at} of {end}"));
        flip(&db(&data), at);
    }
}

/// Writes eight keys over again and again: then some segments of the log are needed, some are not. Gives the newest values.
fn churn(engine: &SledEngine) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut newest = BTreeMap::new();
    for round in 0..120_u8 {
        // The first keys are seldom written again, the others often.
        let key = vec![b'k', round.trailing_ones() as u8];
        let value: Vec<u8> = (0..60_000_u32).map(|at| at as u8 ^ round).collect();
        let mut batch = Batch::default();
        batch.put(&*key, value.clone());
        engine.commit(&batch).unwrap();
        newest.insert(key, value);
    }
    newest
}

/// What a process wrote so, that was killed.
fn killed_after_churn() -> (TempDir, BTreeMap<Vec<u8>, Vec<u8>>) {
    let directory = TempDir::new().unwrap();
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    let newest = churn(&engine);
    (copy(directory.path()), newest)
}

/// Whether the data opens, and then with everything in it. When it does not, nothing is touched.
fn opens_whole(data: &TempDir, newest: &BTreeMap<Vec<u8>, Vec<u8>>, what: &str) -> bool {
    match SledEngine::open(data.path(), &options()) {
        Err(_) => {
            refused(data, what);
            false
        }
        Ok(engine) => {
            for (key, value) in newest {
                let found = engine.get(key).unwrap();
                assert!(found.as_ref() == Some(value), "{what}: {key:?} is lost");
            }
            true
        }
    }
}

#[test]
fn after_a_kill_damage_in_any_segment_is_refused_or_harmless() {
    let (data, newest) = killed_after_churn();
    let end = in_file(&data, durable(&data));
    let segments = fs::metadata(db(&data)).unwrap().len() / SEGMENT_BYTES;
    let mut opened = Vec::new();
    for segment in 0..segments {
        // In the header, near the beginning, in the middle, near the end.
        for within in [5, 40, 250_000, 500_000] {
            let at = segment * SEGMENT_BYTES + within;
            if at > end && at / SEGMENT_BYTES == end / SEGMENT_BYTES {
                continue;
            }
            let spoiled = copy(data.path());
            flip(&db(&spoiled), at);
            let what = format!("byte {at} of {end}");
            opened.push(opens_whole(&spoiled, &newest, &what));
        }
    }
    assert!(opened.contains(&true) && opened.contains(&false));
}

#[test]
fn an_empty_header_is_refused_or_harmless_after_either_end() {
    let (data, _) = killed_after_churn();
    // With a snapshot, by which pages have places that are older.
    let engine = SledEngine::open(data.path(), &options()).unwrap();
    let newest = churn(&engine);
    let killed = copy(data.path());
    drop(engine);
    for data in [killed, copy(data.path())] {
        let is_whole = headers(&data).into_values().map(|(at_byte, _)| {
            let headless = copy(data.path());
            overwrite(&db(&headless), at_byte, &[0; 20]);
            opens_whole(&headless, &newest, &format!("header at {at_byte}"))
        });
        assert!(!is_whole.collect::<Vec<_>>().iter().all(|it| *it));
    }
}

#[test]
fn a_segment_cut_off_while_it_is_written_over_is_no_damage() {
    let (data, newest) = killed_after_churn();
    let segments = fs::metadata(db(&data)).unwrap().len() / SEGMENT_BYTES;
    let mut opened = 0;
    for segment in 0..segments {
        let spoiled = copy(data.path());
        // The second half of what is new is there, its header is not.
        let at = segment * SEGMENT_BYTES + SEGMENT_BYTES / 2;
        overwrite(&db(&spoiled), at, &[0xa5; 100_000]);
        opened += u64::from(opens_whole(
            &spoiled,
            &newest,
            &format!("segment {segment}"),
        ));
    }
    assert!(opened > 0 && opened < segments, "{opened} of {segments}");
}

#[test]
fn a_torn_end_that_nobody_was_told_of_is_no_damage() {
    let data = killed();
    let end = in_file(&data, durable(&data));
    overwrite(&db(&data), end + 1, &[0xa5; 700]);
    check_letters(&data);
}

#[test]
fn a_header_of_no_segments_place_is_damage() {
    let data = closed();
    let (lsn, (at_byte, stable_lsn)) = headers(&data).pop_first().unwrap();
    let field = |number: u64| (i64::try_from(number).unwrap() ^ i64::MAX).to_le_bytes();
    let fields = [field(lsn + 1), field(stable_lsn)].concat();
    let crc = crc32fast::hash(&fields) ^ u32::MAX;
    overwrite(&db(&data), at_byte, &crc.to_le_bytes());
    overwrite(&db(&data), at_byte + 4, &fields);
    let words = refused(&data, "a segment between segments");
    assert!(words.contains(&format!("at byte {at_byte}")), "{words}");
}

/// Whether a segment is gone that came before another.
fn lacks_a_segment(data: &TempDir) -> bool {
    let log = fs::read(db(data)).unwrap();
    let segments = log.chunks(usize::try_from(SEGMENT_BYTES).unwrap());
    let lsns = segments.map(|segment| {
        let number = i64::from_le_bytes(segment[4..12].try_into().unwrap()) ^ i64::MAX;
        u64::try_from(number).unwrap()
    });
    let lsns: BTreeSet<u64> = lsns.filter(|lsn| lsn % SEGMENT_BYTES == 0).collect();
    let newest = lsns.last().unwrap() / SEGMENT_BYTES;
    newest >= lsns.len() as u64
}

/// Segments of which nothing is needed any more are freed once a snapshot has what they say: the log then begins later than
/// the headers of the rest tell.
#[test]
fn a_log_whose_beginning_was_freed_after_a_snapshot_is_whole() {
    let directory = TempDir::new().unwrap();
    let value = |n: u8| {
        let mut batch = Batch::default();
        batch.put(b"key", vec![n; 20_000]);
        batch
    };
    let engine = |data: &TempDir| SledEngine::open(data.path(), &options()).unwrap();
    let (mut data, mut is_freed) = (directory, false);
    for n in 0..40 {
        let engine = engine(&data);
        engine.commit(&value(n)).unwrap();
        drop(engine);
        data = copy(data.path());
        is_freed |= lacks_a_segment(&data);
    }
    assert!(is_freed);
}

#[test]
fn a_snapshot_that_was_not_finished_is_none() {
    let data = closed();
    let unfinished = data
        .path()
        .join("sled")
        .join("snap.7FFFFFFFFFFFFFFF.generating");
    fs::write(&unfinished, "torn").unwrap();
    check_letters(&data);
    assert!(!unfinished.exists());
}
