//! A check of a store of which parts cannot be read.

use super::fixture::{Person, item_id};
use super::withholding::{Disk, withholding_store};
use crate::store::engine::{Direction, KeyRange};
use crate::store::layout::{self, StreamId};
use crate::store::{CheckReport, CheckStep, Fault, Store, StoreError};
use smail_protocol::BlobId;
use std::sync::Arc;

/// Alice has sent bob two letters of several chunks.
struct World {
    store: Store,
    disk: Arc<Disk>,
    bob: Person,
    letters: [BlobId; 2],
}

impl World {
    fn new() -> Self {
        let (store, disk) = withholding_store();
        let (alice, bob) = (
            Person::sign_up(&store, "alice", 1),
            Person::sign_up(&store, "bob", 2),
        );
        store
            .server_setup(|| b"\x09localhostSETUP".to_vec())
            .unwrap();
        let letters = [1, 2].map(|n| alice.send(&store, n, &[n; 20_000], &[&bob]));
        Self {
            store,
            disk,
            bob,
            letters,
        }
    }

    fn keys(&self, prefix: u8) -> Vec<Vec<u8>> {
        let range = KeyRange::prefix(&[prefix]);
        let entries = self
            .store
            .engine()
            .scan(&range, Direction::Ascending, 1_000);
        entries
            .unwrap()
            .into_iter()
            .map(|entry| entry.key)
            .collect()
    }

    /// From now on, what lies from one key to before another cannot be read.
    fn lose(&self, start: &[u8], end: &[u8]) -> KeyRange {
        let lost = KeyRange {
            start: start.to_vec(),
            end: end.to_vec(),
        };
        self.disk.unreadable.lock().unwrap().push(lost.clone());
        lost
    }

    fn check(&self) -> (Result<CheckReport, StoreError>, Vec<Fault>) {
        let mut faults = Vec::new();
        let report = self.store.check(true, |step| {
            if let CheckStep::Found(fault, is_repaired) = step {
                assert!(!is_repaired, "{fault}");
                faults.push((*fault).clone());
            }
        });
        (report, faults)
    }
}

/// The places of faults: each holds what was lost and touches neither key beside it.
fn assert_place(fault: &Fault, lost: &KeyRange, before: &[u8]) {
    let Fault::Unread(place) = fault else {
        panic!("{fault}")
    };
    assert_eq!(place.0.end, lost.end, "{fault}");
    assert_eq!(place.0.start, [before, &[0]].concat(), "{fault}");
}

#[test]
fn lost_chunks_are_named_with_the_items_they_are_of() {
    let world = World::new();
    let chunks = world.keys(b'd');
    let lost = world.lose(&chunks[1], &chunks[3]);
    let (report, faults) = world.check();
    assert_place(&faults[0], &lost, &chunks[0]);
    let (StreamId(stream), _) = layout::chunk_of(&chunks[1]).unwrap();
    let blob = world.letters.iter().find(|blob| {
        let record = world.store.engine().get(&layout::blob(**blob)).unwrap();
        record.unwrap().windows(16).any(|window| window == stream)
    });
    let hit: Vec<BlobId> = faults[1..]
        .iter()
        .map(|fault| match fault {
            Fault::ItemUnread(_, _, blob) => *blob,
            other => panic!("{other}"),
        })
        .collect();
    // In alice's Sent and in bob's inbox.
    assert_eq!(hit, [*blob.unwrap(); 2]);
    let report = report.unwrap();
    assert_eq!((report.unread, report.found, report.repaired), (1, 3, 0));
    let words = faults[0].to_string();
    assert!(words.starts_with("octets of blobs, from key 64"), "{words}");
}

#[test]
fn every_place_is_named() {
    let world = World::new();
    let (chunks, items) = (world.keys(b'd'), world.keys(b'i'));
    let lost = [
        world.lose(&chunks[0], &chunks[1]),
        world.lose(&chunks[4], &chunks[5]),
        world.lose(&items[1], &items[2]),
    ];
    let (report, faults) = world.check();
    assert_eq!(report.unwrap().unread, 3);
    assert_place(&faults[1], &lost[1], &chunks[3]);
    assert_place(&faults[2], &lost[2], &items[0]);
    let words = faults[0].to_string();
    assert!(words.contains("octets of blobs, from key "), "{words}");
}

#[test]
fn a_place_says_whose_it_is() {
    let world = World::new();
    let bobs = layout::item(world.bob.account, item_id(0));
    let of_bob: Vec<_> = world
        .keys(b'i')
        .into_iter()
        .filter(|key| key[..17] == bobs[..17])
        .collect();
    world.lose(&of_bob[1], &[&of_bob[1][..], &[0]].concat());
    let (_, faults) = world.check();
    let words = faults[0].to_string();
    let whose = format!("items of account {}, from key ", world.bob.account);
    assert!(words.starts_with(&whose), "{words}");
}

#[test]
fn a_disk_that_gives_nothing_is_no_place() {
    let world = World::new();
    world.lose(&[0], &[0xff, 0xff]);
    let (report, faults) = world.check();
    assert_eq!(report, Err(StoreError::Unavailable));
    assert_eq!(faults, []);
}
