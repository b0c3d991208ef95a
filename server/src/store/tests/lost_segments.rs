//! A log that lacks some of its segments: refused where a page needs them, before anything is written. And what is sound is
//! never refused, however its pages come and go.

use super::damage::{
    SEGMENT_BYTES, check_letters, closed, db, headers, killed, overwrite, refused,
};
use super::fixture::{Person, copy, open, options};
use crate::store::engine::{Batch, Engine as _};
use crate::store::{SledEngine, Store};
use std::fs::{self, OpenOptions};
use tempfile::TempDir;

/// Puts a log's segments into another order, the newest first. The order in the file says nothing: space that has become free
/// is used again wherever it is.
fn put_newest_first(data: &TempDir) {
    let log = fs::read(db(data)).unwrap();
    let segments: Vec<&[u8]> = log
        .chunks(usize::try_from(SEGMENT_BYTES).unwrap())
        .collect();
    let mut ordered = Vec::new();
    for (at_byte, _) in headers(data).into_values().rev() {
        ordered.extend(segments[usize::try_from(at_byte / SEGMENT_BYTES).unwrap()]);
        ordered.resize(ordered.len().next_multiple_of(segments[0].len()), 0);
    }
    fs::write(db(data), ordered).unwrap();
}

/// In what words data is refused, if it is. Else it has all its letters.
fn refused_or_whole(data: &TempDir, what: &str) -> Option<String> {
    // sled writes to what it opens.
    match Store::open(copy(data.path()).path(), &options()) {
        Err(_) => Some(refused(data, what)),
        Ok(_) => {
            check_letters(data);
            None
        }
    }
}

#[test]
fn a_log_without_its_older_segments_is_refused_or_they_are_needed_by_nothing() {
    for data in [closed(), killed()] {
        put_newest_first(&data);
        check_letters(&copy(data.path()));
        let segments = fs::metadata(db(&data)).unwrap().len() / SEGMENT_BYTES;
        let refused = (1..segments).filter(|left| {
            let cut = copy(data.path());
            let file = OpenOptions::new().write(true).open(db(&cut)).unwrap();
            file.set_len(left * SEGMENT_BYTES).unwrap();
            refused_or_whole(&cut, &format!("{left} of {segments} segments")).is_some()
        });
        // The letters alone do not fit into two.
        let refused: Vec<u64> = refused.collect();
        assert!(refused.starts_with(&[1, 2]), "{refused:?}");
    }
}

/// The data of a server that was started for the second time, so that there is a snapshot, and then killed.
fn killed_later() -> TempDir {
    let data = closed();
    let store = open(data.path());
    Person::new("alice", 1).upload(&store, b"one thing more");
    let killed = copy(data.path());
    drop(store);
    killed
}

#[test]
fn segments_that_a_snapshot_names_must_be_there() {
    let reopened = closed();
    check_letters(&reopened);
    for data in [copy(reopened.path()), killed_later()] {
        let segments = fs::metadata(db(&data))
            .unwrap()
            .len()
            .div_ceil(SEGMENT_BYTES);
        let said = (0..segments).filter_map(|segment| {
            let emptied = copy(data.path());
            let zeros = vec![0; usize::try_from(SEGMENT_BYTES).unwrap()];
            overwrite(&db(&emptied), segment * SEGMENT_BYTES, &zeros);
            refused_or_whole(&emptied, &format!("segment {segment} of {segments}"))
        });
        let said: Vec<String> = said.collect();
        let of_pages = said
            .iter()
            .filter(|words| words.contains("a part of its log is missing"));
        assert!(of_pages.count() > 0, "{said:?}");
    }
}

/// A store whose pages come and go, and are numbered anew, reopened again and again after both ends: none of it is damage.
#[test]
fn pages_that_come_and_go_are_no_damage() {
    let mut directory = TempDir::new().unwrap();
    for round in 0..6_u8 {
        let engine = SledEngine::open(directory.path(), &options()).unwrap();
        let keys = 0..2_000_u32;
        let kept = |key: u32| key < 20;
        for chunk in keys.clone().collect::<Vec<_>>().chunks(100) {
            let mut batch = Batch::default();
            for key in chunk {
                batch.put(key.to_be_bytes(), vec![round; 700]);
            }
            engine.commit(&batch).unwrap();
        }
        // Most go again, and their pages with them.
        for chunk in keys
            .clone()
            .filter(|key| !kept(*key))
            .collect::<Vec<_>>()
            .chunks(100)
        {
            let mut batch = Batch::default();
            for key in chunk {
                batch.delete(key.to_be_bytes());
            }
            engine.commit(&batch).unwrap();
        }
        let killed = copy(directory.path());
        drop(engine);
        for ended in [&killed, &directory] {
            let again = copy(ended.path());
            let engine = SledEngine::open(again.path(), &options()).unwrap();
            for key in keys.clone() {
                let found = engine.get(&key.to_be_bytes()).unwrap();
                assert_eq!(found, kept(key).then(|| vec![round; 700]));
            }
        }
        if round % 2 == 0 {
            directory = killed;
        }
    }
}
