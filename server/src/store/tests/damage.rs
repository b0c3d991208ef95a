//! A log that is not as it was written: opening is refused, and every file stays as it is.

use super::fixture::{NOW_MS, Person, copy, open, options, read_blob};
use crate::store::{OpenError, Store};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Octets of the letters: several of sled's segments.
const LETTER_BYTES: usize = 300_000;
const SEGMENT_BYTES: u64 = 512 * 1024;

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
    for n in 1..=5 {
        alice.send(&store, n, &letter(n), &[&bob]);
    }
    store
}

/// The data of a server that went down in order.
fn closed() -> TempDir {
    let directory = TempDir::new().unwrap();
    drop(fill(directory.path()));
    copy(directory.path())
}

/// The data of one that was killed.
fn killed() -> TempDir {
    let directory = TempDir::new().unwrap();
    let store = fill(directory.path());
    let killed = copy(directory.path());
    drop(store);
    killed
}

fn db(data: &TempDir) -> PathBuf {
    data.path().join("sled").join("db")
}

/// The last place in the log that is known to be on the disk.
fn durable(data: &TempDir) -> u64 {
    let note = fs::read(data.path().join("durable")).unwrap();
    u64::from_be_bytes(note[..8].try_into().unwrap())
}

/// Where in the file a place in the log is.
fn in_file(data: &TempDir, lsn: u64) -> u64 {
    let log = fs::read(db(data)).unwrap();
    let begins_with = |segment: &[u8]| {
        let number = i64::from_le_bytes(segment[4..12].try_into().unwrap()) ^ i64::MAX;
        u64::try_from(number) == Ok(lsn - lsn % SEGMENT_BYTES)
    };
    let mut segments = log.chunks(usize::try_from(SEGMENT_BYTES).unwrap());
    let number = segments.position(begins_with).unwrap() as u64;
    number * SEGMENT_BYTES + lsn % SEGMENT_BYTES
}

fn overwrite(path: &Path, at: u64, octets: &[u8]) {
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

/// Refused, with what to do about it, and nothing is touched.
fn refused(data: &TempDir, what: &str) {
    let before = files(data.path());
    let error = Store::open(data.path(), &options()).map(drop).unwrap_err();
    assert!(
        matches!(error, OpenError::Damaged { .. }),
        "{what}: {error}"
    );
    assert!(error.to_string().contains("restore a backup"), "{error}");
    let mut after = files(data.path());
    after.retain(|path, _| !path.ends_with("lock"));
    let mut before = before;
    before.retain(|path, _| !path.ends_with("lock"));
    assert!(before == after, "{what}: files were changed");
}

fn check_letters(data: &TempDir) {
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
        ("half a log", |data| {
            let half = fs::metadata(db(data)).unwrap().len() / 2;
            let file = OpenOptions::new().write(true).open(db(data)).unwrap();
            file.set_len(half).unwrap();
        }),
        ("an empty log", |data| fs::write(db(data), "").unwrap()),
        ("no log", |data| fs::remove_file(db(data)).unwrap()),
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
        ("another snapshot", |data| {
            let mut names = data.path().join("sled").read_dir().unwrap();
            let snapshot = names
                .find_map(|entry| {
                    let path = entry.unwrap().path();
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    name.starts_with("snap.").then_some(path)
                })
                .unwrap();
            flip(&snapshot, 9);
        }),
    ];
    for (what, spoil) in faults {
        for data in [closed(), killed()] {
            // Opened once more, so that there is a snapshot.
            check_letters(&data);
            let data = copy(data.path());
            spoil(&data);
            refused(&data, what);
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

#[test]
fn a_torn_end_that_nobody_was_told_of_is_no_damage() {
    let data = killed();
    let end = in_file(&data, durable(&data));
    overwrite(&db(&data), end + 1, &[0xa5; 700]);
    check_letters(&data);
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
