//! What every engine must do, whatever it is made of.

use super::fixture::{Engines, key_range};
use crate::store::StoreError;
use crate::store::engine::{
    ApplyError, Batch, Direction, Engine, Expected, KeyRange, MAX_KEY_BYTES, MAX_VALUE_BYTES,
};

/// Runs a check over each engine.
fn on_every_engine(check: impl Fn(&dyn Engine)) {
    for engine in Engines::new().iter() {
        check(engine);
    }
}

fn put(engine: &dyn Engine, key: &[u8], value: &[u8]) {
    let mut batch = Batch::default();
    batch.put(key, value);
    engine.commit(&batch).unwrap();
}

fn keys(engine: &dyn Engine, range: &KeyRange, direction: Direction, limit: usize) -> Vec<Vec<u8>> {
    engine
        .scan(range, direction, limit)
        .unwrap()
        .into_iter()
        .map(|entry| entry.key)
        .collect()
}

#[test]
fn a_key_without_a_value_is_none() {
    on_every_engine(|engine| assert_eq!(engine.get(b"absent"), Ok(None)));
}

#[test]
fn values_of_every_size_come_back() {
    on_every_engine(|engine| {
        for len in [0, 1, 3_489, 3_490, 3_491, 6_980, 65_536, 1_048_576] {
            let value: Vec<u8> = (0..len).map(|n| u8::try_from(n % 251).unwrap()).collect();
            put(engine, b"key", &value);
            assert_eq!(engine.get(b"key"), Ok(Some(value)), "{len} bytes");
        }
    });
}

#[test]
fn a_large_value_leaves_nothing_when_it_goes() {
    on_every_engine(|engine| {
        put(engine, b"key", &[1; 10_000]);
        put(engine, b"key", &[2; 5_000]);
        let mut batch = Batch::default();
        batch.delete(b"key");
        engine.commit(&batch).unwrap();
        assert_eq!(engine.get(b"key"), Ok(None));
        put(engine, b"key", &[1; 10_000]);
        assert_eq!(engine.get(b"key"), Ok(Some(vec![1; 10_000])));
    });
}

#[test]
fn the_same_large_value_can_be_put_again() {
    on_every_engine(|engine| {
        put(engine, b"key", &[1; 10_000]);
        put(engine, b"key", &[1; 10_000]);
        assert_eq!(engine.get(b"key"), Ok(Some(vec![1; 10_000])));
    });
}

#[test]
fn scans_are_in_byte_order_both_ways_and_keep_the_limit() {
    on_every_engine(|engine| {
        for key in [&b"b"[..], b"a", b"ab", b"\xff", b"\0", b"b\0"] {
            put(engine, key, b"");
        }
        let range = key_range(b"a", b"c");
        assert_eq!(
            keys(engine, &range, Direction::Ascending, 9),
            [&b"a"[..], b"ab", b"b", b"b\0"]
        );
        assert_eq!(
            keys(engine, &range, Direction::Descending, 9),
            [&b"b\0"[..], b"b", b"ab", b"a"]
        );
        assert_eq!(
            keys(engine, &range, Direction::Ascending, 2),
            [&b"a"[..], b"ab"]
        );
        assert_eq!(
            keys(engine, &range, Direction::Descending, 1),
            [&b"b\0"[..]]
        );
    });
}

#[test]
fn a_range_holds_its_start_and_not_its_end() {
    on_every_engine(|engine| {
        for key in [b"a", b"b", b"c"] {
            put(engine, key, b"");
        }
        assert_eq!(
            keys(engine, &key_range(b"a", b"c"), Direction::Ascending, 9),
            [b"a", b"b"]
        );
        assert!(keys(engine, &key_range(b"b", b"b"), Direction::Ascending, 9).is_empty());
        assert!(keys(engine, &key_range(b"c", b"a"), Direction::Descending, 9).is_empty());
        assert!(keys(engine, &key_range(b"a", b"c"), Direction::Ascending, 0).is_empty());
    });
}

#[test]
fn a_scan_resumes_where_it_ended() {
    on_every_engine(|engine| {
        (0..10_u8).for_each(|n| put(engine, &[n], &[n]));
        let mut range = key_range(&[0], &[10]);
        let mut seen = Vec::new();
        loop {
            let page = keys(engine, &range, Direction::Ascending, 3);
            let Some(last) = page.last() else { break };
            range.start = [last.as_slice(), &[0]].concat();
            seen.extend(page);
        }
        assert_eq!(seen, (0..10_u8).map(|n| vec![n]).collect::<Vec<_>>());
    });
}

#[test]
fn a_scan_gives_large_values_whole() {
    on_every_engine(|engine| {
        put(engine, b"a", &[1; 9_000]);
        put(engine, b"b", &[2; 3]);
        let values: Vec<usize> = engine
            .scan(&key_range(b"a", b"c"), Direction::Descending, 9)
            .unwrap()
            .iter()
            .map(|entry| entry.value.len())
            .collect();
        assert_eq!(values, [3, 9_000]);
    });
}

#[test]
fn a_prefix_is_all_its_keys_and_no_other() {
    on_every_engine(|engine| {
        for key in [&b"a\xff"[..], b"a\xff\xff", b"a\xff\x00", b"b", b"a\xfe"] {
            put(engine, key, b"");
        }
        let found = keys(engine, &KeyRange::prefix(b"a\xff"), Direction::Ascending, 9);
        assert_eq!(found, [&b"a\xff"[..], b"a\xff\x00", b"a\xff\xff"]);
    });
}

#[test]
fn a_batch_whose_assertion_fails_writes_nothing() {
    on_every_engine(|engine| {
        put(engine, b"there", b"1");
        put(engine, b"large", &[1; 5_000]);
        let wrong = [
            (&b"there"[..], Expected::Absent),
            (b"there", Expected::Value(b"2".to_vec())),
            (b"absent", Expected::Value(Vec::new())),
            (b"large", Expected::Value(vec![2; 5_000])),
        ];
        for (key, expected) in wrong {
            let mut batch = Batch::default();
            batch.put(b"new", b"");
            batch.delete(b"there");
            batch.assert(key, expected);
            assert_eq!(engine.commit(&batch), Err(ApplyError::Conflict), "{key:?}");
            assert_eq!(engine.get(b"new"), Ok(None));
            assert_eq!(engine.get(b"there"), Ok(Some(b"1".to_vec())));
        }
    });
}

#[test]
fn a_batch_whose_assertions_hold_is_carried_out_whole() {
    on_every_engine(|engine| {
        put(engine, b"there", b"1");
        put(engine, b"large", &[1; 5_000]);
        let mut batch = Batch::default();
        batch.assert(b"there", Expected::Value(b"1".to_vec()));
        batch.assert(b"large", Expected::Value(vec![1; 5_000]));
        batch.assert(b"new", Expected::Absent);
        batch.put(b"new", b"2");
        batch.delete(b"there");
        batch.delete(b"never was");
        engine.commit(&batch).unwrap();
        assert_eq!(engine.get(b"new"), Ok(Some(b"2".to_vec())));
        assert_eq!(engine.get(b"there"), Ok(None));
    });
}

#[test]
fn the_last_write_of_a_key_stands() {
    on_every_engine(|engine| {
        let mut batch = Batch::default();
        batch.put(b"a", b"1");
        batch.put(b"a", b"2");
        batch.put(b"b", b"1");
        batch.delete(b"b");
        engine.commit(&batch).unwrap();
        assert_eq!(engine.get(b"a"), Ok(Some(b"2".to_vec())));
        assert_eq!(engine.get(b"b"), Ok(None));
    });
}

#[test]
fn what_is_applied_is_seen_before_it_is_durable() {
    on_every_engine(|engine| {
        let mut batch = Batch::default();
        batch.put(b"a", b"1");
        let ticket = engine.apply(&batch).unwrap();
        assert_eq!(engine.get(b"a"), Ok(Some(b"1".to_vec())));
        assert_eq!(engine.applied(), ticket);
        engine.sync(ticket).unwrap();
    });
}

#[test]
fn of_many_who_count_at_once_none_is_lost() {
    on_every_engine(|engine| {
        std::thread::scope(|scope| {
            (0..8).for_each(|_| drop(scope.spawn(|| (0..25).for_each(|_| count_one(engine)))))
        });
        assert_eq!(
            engine.get(b"counter"),
            Ok(Some(200_u32.to_be_bytes().to_vec()))
        );
    });
}

fn count_one(engine: &dyn Engine) {
    loop {
        let old = engine.get(b"counter").unwrap();
        let count = old
            .as_deref()
            .map_or(0, |count| u32::from_be_bytes(count.try_into().unwrap()));
        let mut batch = Batch::default();
        batch.assert(b"counter", old.map_or(Expected::Absent, Expected::Value));
        batch.put(b"counter", (count + 1).to_be_bytes());
        match engine.apply(&batch) {
            Ok(_) => return,
            Err(error) => assert_eq!(error, ApplyError::Conflict),
        }
    }
}

#[test]
fn readers_never_see_parts_of_two_large_values() {
    on_every_engine(|engine| {
        put(engine, b"key", &[0; 20_000]);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..100).for_each(|n| put(engine, b"key", &[n; 20_000])));
            for _ in 0..400 {
                let value = engine.get(b"key").unwrap().unwrap();
                assert!(value.iter().all(|byte| *byte == value[0]), "torn");
            }
        });
    });
}

#[test]
fn keys_are_counted_to_a_limit() {
    on_every_engine(|engine| {
        for key in [b"ka", b"kb", b"kc", b"la"] {
            put(engine, key, &[1; 10_000]);
        }
        let counts = [0, 2, 3, 9].map(|limit| engine.count(&KeyRange::prefix(b"k"), limit));
        assert_eq!(counts, [Ok(0), Ok(2), Ok(3), Ok(3)]);
        assert_eq!(engine.count(&key_range(b"k", b"k"), 9), Ok(0));
    });
}

#[test]
fn a_scan_resumes_downwards_where_it_ended() {
    on_every_engine(|engine| {
        (0..10_u8).for_each(|n| put(engine, &[n], &[n]));
        let mut range = key_range(&[0], &[10]);
        let mut seen = Vec::new();
        loop {
            let page = keys(engine, &range, Direction::Descending, 3);
            let Some(last) = page.last() else { break };
            range.end = last.clone();
            seen.extend(page);
        }
        assert_eq!(seen, (0..10_u8).rev().map(|n| vec![n]).collect::<Vec<_>>());
    });
}

#[test]
fn keys_and_values_have_bounds() {
    on_every_engine(|engine| {
        let longest = [7; MAX_KEY_BYTES];
        put(engine, &longest, &vec![1; MAX_VALUE_BYTES]);
        let value = engine.get(&longest).unwrap().unwrap();
        assert_eq!(value.len(), MAX_VALUE_BYTES);
        let (none, too_long) = (Vec::new(), vec![7; MAX_KEY_BYTES + 1]);
        let mut outside = vec![Batch::default(); 5];
        outside[0].put(none.clone(), b"");
        outside[1].delete(too_long.clone());
        outside[2].put(b"key", vec![0; MAX_VALUE_BYTES + 1]);
        outside[3].assert(none.clone(), Expected::Absent);
        outside[4].assert(too_long.clone(), Expected::Absent);
        for mut batch in outside {
            batch.put(b"other", b"");
            let refused = Err(ApplyError::Store(StoreError::OutOfBounds));
            assert_eq!(engine.commit(&batch), refused, "{batch:?}");
            assert_eq!(engine.get(b"other"), Ok(None));
        }
        assert_eq!(engine.get(&none), Ok(None));
        assert_eq!(engine.get(&too_long), Ok(None));
    });
}

#[test]
fn a_batch_without_writes_is_a_check() {
    on_every_engine(|engine| {
        put(engine, b"there", b"1");
        let mut check = Batch::default();
        check.assert(b"there", Expected::Value(b"1".to_vec()));
        let ticket = engine.apply(&check).unwrap();
        assert!(ticket >= engine.applied(), "its ticket covers what it read");
        engine.sync(ticket).unwrap();
        check.assert(b"there", Expected::Absent);
        assert_eq!(engine.apply(&check), Err(ApplyError::Conflict));
    });
}

#[test]
fn an_empty_value_is_a_value() {
    on_every_engine(|engine| {
        put(engine, b"a", b"");
        assert_eq!(engine.get(b"a"), Ok(Some(Vec::new())));
        let mut batch = Batch::default();
        batch.assert(b"a", Expected::Absent);
        assert_eq!(engine.commit(&batch), Err(ApplyError::Conflict));
    });
}

#[test]
fn tickets_grow_and_an_engine_that_works_says_so() {
    on_every_engine(|engine| {
        let mut batch = Batch::default();
        batch.put(b"a", b"1");
        let first = engine.apply(&batch).unwrap();
        let second = engine.apply(&batch).unwrap();
        assert!(first < second && engine.applied() >= second);
        // In any order, and again.
        for ticket in [second, first, second] {
            engine.sync(ticket).unwrap();
        }
        assert_eq!(engine.health(), Ok(()));
    });
}
