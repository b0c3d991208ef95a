//! Random operations against an engine and a sorted map: they must agree, for sled across restarts too.

use super::fixture::{copy, key_range, options};
use crate::store::engine::{ApplyError, Batch, Direction, Engine, Entry, Expected, KeyRange};
use crate::store::{MemoryEngine, SledEngine};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tempfile::TempDir;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

#[derive(Debug, Clone)]
enum Operation {
    Commit {
        asserted: Option<(Vec<u8>, Option<Vec<u8>>)>,
        writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    },
    CommitIfCurrent {
        asserted: Vec<Vec<u8>>,
        writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    },
    Get(Vec<u8>),
    Count {
        range: KeyRange,
        limit: usize,
    },
    Scan {
        range: KeyRange,
        direction: Direction,
        limit: usize,
    },
    Restart,
}

/// Few keys, so that operations meet; with the bytes at the ends of the order.
fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(
        prop_oneof![Just(0_u8), Just(1), Just(b'k'), Just(255)],
        1..4,
    )
}

/// Short ones, ones around the length at which sled's are cut, and ones of several pieces.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let len = prop_oneof![4 => 0..20_usize, 1 => 3_480..3_500_usize, 1 => 7_000..12_000_usize];
    (len, any::<u8>()).prop_map(|(len, byte)| vec![byte; len])
}

fn writes() -> impl Strategy<Value = Vec<(Vec<u8>, Option<Vec<u8>>)>> {
    vec((key(), prop::option::weighted(0.7, value())), 0..6)
}

fn operation() -> impl Strategy<Value = Operation> {
    let range = (key(), key()).prop_map(|(start, end)| key_range(&start, &end));
    let counted = (key(), key()).prop_map(|(start, end)| key_range(&start, &end));
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    prop_oneof![
        4 => (prop::option::of((key(), prop::option::of(value()))), writes())
            .prop_map(|(asserted, writes)| Operation::Commit { asserted, writes }),
        4 => (vec(key(), 0..4), writes())
            .prop_map(|(asserted, writes)| Operation::CommitIfCurrent { asserted, writes }),
        2 => key().prop_map(Operation::Get),
        2 => (counted, 0..8_usize).prop_map(|(range, limit)| Operation::Count { range, limit }),
        3 => (range, direction, 0..8_usize)
            .prop_map(|(range, direction, limit)| Operation::Scan { range, direction, limit }),
        1 => Just(Operation::Restart),
    ]
}

fn expected(value: Option<Vec<u8>>) -> Expected {
    value.map_or(Expected::Absent, Expected::Value)
}

/// What the operation does to the model, and what it must give.
fn commit(engine: &dyn Engine, model: &mut Model, batch: &Batch) {
    let holds = batch
        .assertions
        .iter()
        .all(|(key, wanted)| expected(model.get(key).cloned()) == *wanted);
    let outcome = engine.commit(batch);
    if !holds {
        assert_eq!(outcome, Err(ApplyError::Conflict));
        return;
    }
    assert_eq!(outcome, Ok(()));
    for (key, value) in batch.writes.clone() {
        match value {
            Some(value) => model.insert(key, value),
            None => model.remove(&key),
        };
    }
}

fn scan(model: &Model, range: &KeyRange, direction: Direction, limit: usize) -> Vec<Entry> {
    let inside = model
        .iter()
        .filter(|(key, _)| range.start <= **key && **key < range.end);
    let entries = inside.map(|(key, value)| Entry {
        key: key.clone(),
        value: value.clone(),
    });
    match direction {
        Direction::Ascending => entries.take(limit).collect(),
        Direction::Descending => entries.rev().take(limit).collect(),
    }
}

fn run(engine: &dyn Engine, model: &mut Model, operation: Operation) {
    match operation {
        Operation::Commit { asserted, writes } => {
            let assertions = asserted
                .into_iter()
                .map(|(key, value)| (key, expected(value)))
                .collect();
            let batch = Batch {
                assertions,
                writes,
                ..Batch::default()
            };
            commit(engine, model, &batch);
        }
        Operation::CommitIfCurrent { asserted, writes } => {
            let current = |key: Vec<u8>| (key.clone(), expected(model.get(&key).cloned()));
            let batch = Batch {
                assertions: asserted.into_iter().map(current).collect(),
                writes,
                ..Batch::default()
            };
            commit(engine, model, &batch);
        }
        Operation::Get(key) => assert_eq!(engine.get(&key), Ok(model.get(&key).cloned())),
        Operation::Count { range, limit } => {
            let counted = scan(model, &range, Direction::Ascending, limit).len();
            assert_eq!(engine.count(&range, limit), Ok(counted));
        }
        Operation::Scan {
            range,
            direction,
            limit,
        } => {
            assert_eq!(
                engine.scan(&range, direction, limit),
                Ok(scan(model, &range, direction, limit))
            );
        }
        Operation::Restart => {}
    }
}

fn check_all(engine: &dyn Engine, model: &Model) {
    let everything = key_range(&[0], &[255; 8]);
    let all = engine
        .scan(&everything, Direction::Ascending, usize::MAX)
        .unwrap();
    assert_eq!(
        all,
        scan(model, &everything, Direction::Ascending, usize::MAX)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn memory_agrees_with_a_sorted_map(operations in vec(operation(), 1..120)) {
        let (engine, mut model) = (MemoryEngine::new(), Model::new());
        operations.into_iter().for_each(|operation| run(&engine, &mut model, operation));
        check_all(&engine, &model);
    }

    #[test]
    fn sled_agrees_with_a_sorted_map_across_restarts(operations in vec(operation(), 1..120)) {
        let open = |directory: &TempDir| SledEngine::open(directory.path(), &options()).unwrap();
        let mut directory = TempDir::new().unwrap();
        let (mut engine, mut model) = (open(&directory), Model::new());
        for operation in operations {
            if let Operation::Restart = operation {
                drop(engine);
                directory = copy(directory.path());
                engine = open(&directory);
            }
            run(&engine, &mut model, operation);
        }
        check_all(&engine, &model);
    }
}
