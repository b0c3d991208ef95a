//! Durable deliveries of a 20 kB message a second, by the engine trait and by the store's verbs, beside the ceiling.

use super::ceiling::appended_per_s;
use super::people::{Person, message, now_ms};
use super::row::{Row, median};
use smail_server::store::engine::{Batch, Engine};
use smail_server::store::{SledEngine, Store, StoreOptions};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const SENDERS: [usize; 3] = [1, 8, 32];
/// Octets of a blob in one value, as the store's own chunks.
const CHUNK_BYTES: usize = 3_456;
/// What the engine is to reach of the ceiling at the most senders.
const LEAST_SHARE: f64 = 0.5;

/// Interleaved rounds, so that a disk that others use is unfair to all alike.
pub(crate) fn measure(directory: &Path, rounds: usize, seconds: u64) -> Vec<Row> {
    std::fs::create_dir_all(directory).unwrap();
    let time = Duration::from_secs(seconds);
    let engine = SledEngine::open(&directory.join("engine"), &StoreOptions::default()).unwrap();
    let store = Store::open(&directory.join("store"), &StoreOptions::default()).unwrap();
    let people: Vec<Person> = (0..2 * SENDERS[2])
        .map(|number| Person::sign_up(&store, number))
        .collect();
    let mut measured: BTreeMap<(usize, &str), Vec<f64>> = BTreeMap::new();
    for round in 0..rounds {
        for senders in SENDERS {
            let mut note = |what, per_s| measured.entry((senders, what)).or_default().push(per_s);
            note("ceiling", appended_per_s(directory, senders, time));
            note("trait", by_trait(&engine, senders, time));
            note("verbs", by_verbs(&store, &people, senders, time));
        }
        eprintln!("deliveries: round {} of {rounds}", round + 1);
    }
    let medians = measured
        .into_iter()
        .map(|(what, values)| (what, median(values)))
        .collect();
    rows(&medians)
}

fn rows(medians: &BTreeMap<(usize, &str), f64>) -> Vec<Row> {
    let mut rows = Vec::new();
    for senders in SENDERS {
        let of = |what| medians.get(&(senders, what)).copied().unwrap_or_default();
        let share = of("trait") / of("ceiling");
        rows.push(Row::told(
            format!("ceiling, groups of {senders}"),
            of("ceiling"),
            "/s",
        ));
        rows.push(Row::told(
            format!("through the trait, {senders} senders"),
            of("trait"),
            "/s",
        ));
        rows.push(Row::told(
            format!("upload and deliver by verbs, {senders} senders"),
            of("verbs"),
            "/s",
        ));
        let share_row = Row::told(
            format!("share of the ceiling through the trait, {senders} senders"),
            share,
            "",
        );
        rows.push(if senders == SENDERS[2] {
            share_row.held(">= 0.5", share >= LEAST_SHARE)
        } else {
            share_row
        });
    }
    rows
}

/// Messages a second as one batch each: their chunks, named in the order of time as the store's own, and one index key.
fn by_trait(engine: &SledEngine, senders: usize, time: Duration) -> f64 {
    in_parallel(senders, time, |_| {
        let mut id: [u8; 16] = rand::random();
        id[..6].copy_from_slice(&now_ms().to_be_bytes()[2..]);
        let mut batch = Batch::default();
        for (number, chunk) in (0_u8..).zip(message().chunks(CHUNK_BYTES)) {
            batch.put([b"d", &id[..], &[number]].concat(), chunk);
        }
        batch.put([b"l", &id[..]].concat(), []);
        engine.commit(&batch).unwrap();
    })
}

/// Messages a second as a client sends them: an upload, then a delivery to one recipient and the sender's copy.
fn by_verbs(store: &Store, people: &[Person], senders: usize, time: Duration) -> f64 {
    in_parallel(senders, time, |sender| {
        people[sender].send(store, &people[SENDERS[2] + sender], &message());
    })
}

fn in_parallel(threads: usize, time: Duration, work: impl Fn(usize) + Sync) -> f64 {
    let (started, done) = (Instant::now(), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (work, done) = (&work, &done);
            scope.spawn(move || {
                while started.elapsed() < time {
                    work(thread);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    done.into_inner() as f64 / started.elapsed().as_secs_f64()
}
