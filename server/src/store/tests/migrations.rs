//! Data of an older layout, brought to a newer one, and cut off on the way.
//!
//! The data is of layout 1, frozen here byte by byte. Layout 2 is this test's own: mailbox records count what is unread,
//! and what a name points to stands under a new prefix.

use super::fixture::{copy, key_range, options};
use crate::store::engine::{Batch, Direction, Engine, Entry};
use crate::store::migrations::{Layouts, Step};
use crate::store::open::check_layout;
use crate::store::{MemoryEngine, OpenError, SledEngine, StoreError};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Tells the test binary that it is the child, and where to migrate.
const CHILD_DIRECTORY: &str = "SMAIL_STORE_MIGRATION_DIRECTORY";
const CHILD_TEST: &str = "store::tests::migrations::the_child_that_is_cut_off";
/// More than two batches of them.
const MAILBOXES: u8 = 200;

type Data = BTreeMap<Vec<u8>, Vec<u8>>;

fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// A mailbox's key: `m`, account, mailbox.
fn mailbox_key(n: u8) -> Vec<u8> {
    hex(&format!(
        "6d {} {}",
        "aa".repeat(16),
        format!("{n:02x}").repeat(16)
    ))
}

/// The layout version, bob's name, and mailboxes of 300 items each.
fn layout_1() -> Data {
    let mut data = Data::from([
        (hex("76"), hex("00000001")),
        (hex("6e 626f62"), hex(&"aa".repeat(16))),
    ]);
    data.extend((0..MAILBOXES).map(|n| (mailbox_key(n), hex("01 ac02"))));
    data
}

/// The same in layout 2.
fn layout_2() -> Data {
    let mut data = Data::from([
        (hex("76"), hex("00000002")),
        (hex("6e 626f62"), hex(&"aa".repeat(16))),
    ]);
    for n in 0..MAILBOXES {
        data.insert(mailbox_key(n), hex("02 ac02 00"));
        data.insert([b"M", &mailbox_key(n)[1..]].concat(), Vec::new());
    }
    data
}

fn rewrite(entry: &Entry, batch: &mut Batch) -> Result<(), StoreError> {
    let (version, fields) = entry.value.split_first().ok_or(StoreError::Corrupt)?;
    if *version != 1 {
        // Rewritten already: that must never be asked for.
        return Err(StoreError::Corrupt);
    }
    batch.put(entry.key.clone(), [&[2], fields, &[0]].concat());
    batch.put([b"M", &entry.key[1..]].concat(), []);
    Ok(())
}

fn migrate(
    engine: &dyn Engine,
    rewrite: &(dyn Fn(&Entry, &mut Batch) -> Result<(), StoreError> + Sync),
) -> Result<(), OpenError> {
    let step = Step {
        from: 1,
        prefix: b'm',
        rewrite,
    };
    let layouts = Layouts {
        newest: 2,
        steps: &[step],
    };
    check_layout(engine, Path::new("data"), &layouts)
}

fn fill(engine: &dyn Engine, data: &Data) {
    let mut batch = Batch::default();
    data.iter()
        .for_each(|(key, value)| batch.put(key.clone(), value.clone()));
    engine.commit(&batch).unwrap();
}

fn all(engine: &dyn Engine) -> Data {
    let entries = engine.scan(
        &key_range(&[0], &[255; 2]),
        Direction::Ascending,
        usize::MAX,
    );
    let pair = |entry: Entry| (entry.key, entry.value);
    entries.unwrap().into_iter().map(pair).collect()
}

#[test]
fn older_data_is_brought_to_the_newer_layout_once() {
    let directory = TempDir::new().unwrap();
    let sled = SledEngine::open(directory.path(), &options()).unwrap();
    for engine in [&MemoryEngine::new() as &dyn Engine, &sled] {
        fill(engine, &layout_1());
        for _ in 0..2 {
            migrate(engine, &rewrite).unwrap();
            assert_eq!(all(engine), layout_2());
        }
    }
}

#[test]
fn a_step_that_fails_anywhere_is_taken_up_there() {
    for fails_at in [0, 1, 63, 64, 65, 128, u32::from(MAILBOXES) - 1] {
        let (engine, seen) = (MemoryEngine::new(), AtomicU32::new(0));
        fill(&engine, &layout_1());
        let failing = |entry: &Entry, batch: &mut Batch| {
            if seen.fetch_add(1, Ordering::Relaxed) == fails_at {
                return Err(StoreError::Unavailable);
            }
            rewrite(entry, batch)
        };
        let error = migrate(&engine, &failing).unwrap_err();
        assert!(
            matches!(error, OpenError::Write(StoreError::Unavailable)),
            "{error}"
        );
        assert_eq!(engine.get(b"v"), Ok(Some(vec![0, 0, 0, 1])));
        migrate(&engine, &failing).unwrap();
        assert_eq!(all(&engine), layout_2(), "failed at {fails_at}");
    }
}

#[test]
fn without_a_way_to_the_newest_layout_nothing_is_touched() {
    let engine = MemoryEngine::new();
    let layouts = Layouts {
        newest: 3,
        steps: &[Step {
            from: 1,
            prefix: b'm',
            rewrite: &rewrite,
        }],
    };
    fill(&engine, &layout_1());
    for found in [0_u32, 1, 4] {
        let version = found.to_be_bytes().to_vec();
        fill(&engine, &Data::from([(b"v".to_vec(), version)]));
        let before = all(&engine);
        let refused = check_layout(&engine, Path::new("data"), &layouts);
        assert!(
            matches!(refused, Err(OpenError::UnsupportedLayout { found: it, supported: 3 }) if it == found),
            "{found}"
        );
        assert_eq!(all(&engine), before);
    }
}

#[test]
fn an_older_program_leaves_data_alone_that_a_newer_one_was_about_to_change() {
    let engine = MemoryEngine::new();
    fill(&engine, &layout_1());
    fill(&engine, &Data::from([(b"w".to_vec(), mailbox_key(63))]));
    let older = Layouts {
        newest: 1,
        steps: &[],
    };
    let refused = check_layout(&engine, Path::new("data"), &older);
    assert!(matches!(
        refused,
        Err(OpenError::UnsupportedLayout {
            found: 2,
            supported: 1
        })
    ));
}

/// Migrates, and dies without a word at the hundredth entry.
#[test]
fn the_child_that_is_cut_off() {
    let Ok(directory) = std::env::var(CHILD_DIRECTORY) else {
        return;
    };
    let engine = SledEngine::open(Path::new(&directory), &options()).unwrap();
    let seen = AtomicU32::new(0);
    let dying = |entry: &Entry, batch: &mut Batch| {
        if seen.fetch_add(1, Ordering::Relaxed) == 100 {
            std::process::abort();
        }
        rewrite(entry, batch)
    };
    let _ = migrate(&engine, &dying);
}

#[test]
fn a_process_that_dies_half_way_leaves_data_that_the_next_one_finishes() {
    let directory = TempDir::new().unwrap();
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    fill(&engine, &layout_1());
    drop(engine);
    let directory = copy(directory.path());
    let child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD_TEST, "--exact"])
        .env(CHILD_DIRECTORY, directory.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(!child.unwrap().success(), "the child lived");

    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    let half = all(&engine);
    assert_eq!(half.get(&b"w"[..]), Some(&mailbox_key(63)), "one batch");
    assert_eq!(half.get(&b"v"[..]), Some(&vec![0, 0, 0, 1]));
    migrate(&engine, &rewrite).unwrap();
    assert_eq!(all(&engine), layout_2());
}
