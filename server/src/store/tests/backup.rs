//! A backup that is made while others write is a state that the store was in.

use super::fixture::{NOW_MS, item_id, on_every_store, options};
use crate::store::archive::ArchiveReader;
use crate::store::engine::{ApplyError, Batch, Direction, Engine, Expected};
use crate::store::{BackupError, BackupStep, MemoryEngine, SledEngine, Store, layout};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use tempfile::TempDir;

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// How many batches have been applied: every batch asserts and raises it.
const COUNTER: &[u8] = b"m-counter";
/// Keys that batches write, spread over all prefixes.
const KEYS: u64 = 3_000;
const WRITERS: usize = 8;
/// Batches that are applied between two pages of the scan, at least.
const BATCHES_A_PAGE: u64 = 40;

/// A generator of numbers that look random (SplitMix64).
fn mix(seed: u64) -> u64 {
    let seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    seed ^ (seed >> 31)
}

fn key(number: u64) -> Vec<u8> {
    let prefix = b'a' + u8::try_from(number % 26).unwrap();
    [&[prefix], &mix(number).to_be_bytes()[..]].concat()
}

/// What the batch with this number writes: always the same, whoever applies it.
fn batch(number: u64) -> Batch {
    let mut batch = Batch::default();
    for n in 0..6 {
        let random = mix(number * 6 + n);
        let key = key(random % KEYS);
        if random >> 62 == 0 {
            batch.delete(key);
        } else {
            let len = 1 + (random >> 32) % 60;
            batch.put(
                key,
                number.to_be_bytes().repeat(usize::try_from(len).unwrap()),
            );
        }
    }
    batch.put(COUNTER, number.to_be_bytes());
    batch
}

fn counter(engine: &dyn Engine) -> u64 {
    let stored = engine.get(COUNTER).unwrap();
    stored.map_or(0, |stored| u64::from_be_bytes(stored.try_into().unwrap()))
}

/// Applies the next batch, unless another has meanwhile.
fn apply_next(engine: &dyn Engine) {
    let applied = counter(engine);
    let mut next = batch(applied + 1);
    let expected = match applied {
        0 => Expected::Absent,
        _ => Expected::Value(applied.to_be_bytes().to_vec()),
    };
    next.assert(COUNTER, expected);
    match engine.apply(&next) {
        Ok(_) | Err(ApplyError::Conflict) => {}
        Err(ApplyError::Store(error)) => panic!("{error}"),
    }
}

/// The state after this many batches.
fn state_after(batches: u64) -> Map {
    let mut map = Map::new();
    (1..=batches).for_each(|number| carry_out(&mut map, batch(number).writes));
    map
}

fn carry_out(map: &mut Map, writes: Vec<(Vec<u8>, Option<Vec<u8>>)>) {
    for (key, value) in writes {
        match value {
            Some(value) => map.insert(key, value),
            None => map.remove(&key),
        };
    }
}

fn read_archive(archive: &[u8]) -> Map {
    let mut reader = ArchiveReader::open(archive).unwrap();
    let mut map = Map::new();
    while let Some(part) = reader.next_part().unwrap() {
        carry_out(&mut map, part.writes);
    }
    map
}

fn spill() -> std::fs::File {
    tempfile::tempfile().unwrap()
}

/// Backs up while eight write, and waits after each page until they have written more.
fn back_up_while_others_write(store: &Store) -> Map {
    let is_done = AtomicBool::new(false);
    let allowed = AtomicU64::new(counter(store.engine()) + BATCHES_A_PAGE);
    let mut archive = Vec::new();
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    if counter(store.engine()) < allowed.load(Ordering::Relaxed) {
                        apply_next(store.engine());
                    } else {
                        thread::yield_now();
                    }
                }
            });
        }
        let counts = store.back_up(&mut archive, spill(), NOW_MS, |_| {
            // As many again while the next page is read.
            let until = counter(store.engine()) + BATCHES_A_PAGE;
            allowed.store(until + BATCHES_A_PAGE, Ordering::Relaxed);
            while counter(store.engine()) < until {
                thread::yield_now();
            }
            true
        });
        is_done.store(true, Ordering::Relaxed);
        let counts = counts.unwrap();
        assert!(counts.entries > 1_000 && counts.batches > 5 * BATCHES_A_PAGE);
    });
    read_archive(&archive)
}

#[test]
fn it_is_one_state_of_a_store_that_eight_write_to() {
    let directory = TempDir::new().unwrap();
    let engines: [Box<dyn Engine>; 2] = [
        Box::new(MemoryEngine::new()),
        Box::new(SledEngine::open(directory.path(), &options()).unwrap()),
    ];
    for engine in engines {
        let store = Store::on(engine);
        while counter(store.engine()) < 2_000 {
            apply_next(store.engine());
        }
        for _ in 0..3 {
            let before = counter(store.engine());
            let backed_up = back_up_while_others_write(&store);
            let after = counter(store.engine());
            let moment = u64::from_be_bytes(backed_up[COUNTER].clone().try_into().unwrap());
            assert!((before..=after).contains(&moment));
            assert!(backed_up == state_after(moment), "no state that ever was");
        }
    }
}

#[test]
fn every_entry_of_a_quiet_store_is_in_it() {
    on_every_store(|store, alice, bob| {
        alice.send(store, 1, &[7; 300_000], &[bob]);
        let mut archive = Vec::new();
        let counts = store
            .back_up(&mut archive, spill(), NOW_MS, |_| true)
            .unwrap();
        assert_eq!(counts.len_bytes, archive.len() as u64);
        let entries = store
            .engine()
            .scan(&layout::everything(), Direction::Ascending, usize::MAX)
            .unwrap();
        let entries: Map = entries
            .into_iter()
            .map(|entry| (entry.key, entry.value))
            .collect();
        assert!(read_archive(&archive) == entries);
    });
}

#[test]
fn a_blob_that_is_removed_meanwhile_is_there_or_not() {
    on_every_store(|store, alice, bob| {
        let blob = alice.send(store, 1, &[7; 3_000_000], &[bob]);
        let mut removed = false;
        let mut archive = Vec::new();
        let counts = store.back_up(&mut archive, spill(), NOW_MS, |_| {
            if !removed {
                removed = true;
                store.delete_item(alice.account, item_id(1), 1).unwrap();
                let page = store.item_page(bob.account, bob.inbox, None, 9).unwrap();
                let item = page.items[0].item_id;
                store.delete_item(bob.account, item, 1).unwrap();
            }
            true
        });
        assert!(counts.unwrap().batches > 2);
        let map = read_archive(&archive);
        assert!(!map.contains_key(&layout::blob(blob)));
        assert!(map.keys().all(|key| key[0] != b'd'));
    });
}

#[test]
fn one_backup_at_a_time_and_the_next_after_a_broken_one() {
    on_every_store(|store, _, _| {
        let second = |_: &BackupStep<'_>| {
            let second = store.back_up(std::io::sink(), spill(), NOW_MS, |_| true);
            assert!(matches!(second, Err(BackupError::Busy)));
            false
        };
        let first = store.back_up(std::io::sink(), spill(), NOW_MS, second);
        assert!(matches!(first, Err(BackupError::BrokenOff)));
        store
            .back_up(std::io::sink(), spill(), NOW_MS, |_| true)
            .unwrap();
    });
}

#[test]
fn notes_that_cannot_be_kept_cost_the_backup_and_not_the_mail() {
    on_every_store(|store, alice, bob| {
        let read_only = tempfile::NamedTempFile::new().unwrap();
        let read_only = std::fs::File::open(read_only.path()).unwrap();
        let outcome = store.back_up(std::io::sink(), read_only, NOW_MS, |_| {
            alice.send(store, 1, b"letter", &[bob]);
            true
        });
        assert!(matches!(outcome, Err(BackupError::Lost)));
        let page = store.item_page(bob.account, bob.inbox, None, 9).unwrap();
        assert_eq!(page.total, 1);
    });
}
