//! Whether the engine stalls while much is written and read for long: senders and readers side by side, and for each part
//! of the whole the slowest of each, memory and disk.

use super::people::{MESSAGE_BYTES, Person, message};
use super::row::Row;
use smail_server::store::{Store, StoreOptions};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const SENDERS: usize = 8;
const READERS: usize = 2;
/// Messages between two lines.
const PART: u64 = 12_500;

#[derive(Default)]
struct Slowest {
    send_us: AtomicU64,
    read_us: AtomicU64,
}

/// Sends until so many gigabytes of messages are stored, or the time is over.
pub(crate) fn measure(directory: &Path, gigabytes: u64, most: Duration) -> Vec<Row> {
    std::fs::create_dir_all(directory).unwrap();
    let store = Store::open(directory, &StoreOptions::default()).unwrap();
    let people: Vec<Person> = (0..2 * SENDERS)
        .map(|number| Person::sign_up(&store, number))
        .collect();
    let wanted = gigabytes * 1_000_000_000 / MESSAGE_BYTES as u64;
    let (sent, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let (slowest, started) = (Slowest::default(), Instant::now());
    let mut rows = Vec::new();
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (store, people, sent, over, slowest) = (&store, &people, &sent, &over, &slowest);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let octets = message();
                    let began = Instant::now();
                    people[sender].send(store, &people[SENDERS + sender], &octets);
                    note(&slowest.send_us, began);
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for reader in 0..READERS {
            let (store, people, over, slowest) = (&store, &people, &over, &slowest);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    read(store, &people[SENDERS + reader], slowest);
                }
            });
        }
        let mut told = 0;
        while told < wanted && started.elapsed() < most {
            std::thread::sleep(Duration::from_millis(100));
            let now = sent.load(Ordering::Relaxed);
            if now >= told + PART || started.elapsed() >= most {
                told = now;
                rows.extend(tell(directory, now, started, &slowest));
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    rows
}

/// A listing and the newest letter of it.
fn read(store: &Store, person: &Person, slowest: &Slowest) {
    let began = Instant::now();
    let page = store
        .item_page(person.account, person.inbox, None, 50)
        .unwrap();
    if let Some(item) = page.items.first() {
        let letter = store.blob_reader(person.account, item.blob_id).unwrap();
        letter
            .into_iter()
            .flatten()
            .for_each(|piece| drop(piece.unwrap()));
    }
    note(&slowest.read_us, began);
}

fn note(slowest_us: &AtomicU64, began: Instant) {
    let took_us = u64::try_from(began.elapsed().as_micros()).unwrap();
    slowest_us.fetch_max(took_us, Ordering::Relaxed);
}

fn tell(directory: &Path, sent: u64, started: Instant, slowest: &Slowest) -> [Row; 5] {
    let at = format!("after {} MB", sent * MESSAGE_BYTES as u64 / 1_000_000);
    let ms = |us: &AtomicU64| us.swap(0, Ordering::Relaxed) as f64 / 1_000.0;
    let disk = std::fs::metadata(directory.join("sled/db")).unwrap().len();
    let rows = [
        Row::told(format!("{at}: time"), started.elapsed().as_secs_f64(), "s"),
        Row::told(format!("{at}: slowest send"), ms(&slowest.send_us), "ms"),
        Row::told(format!("{at}: slowest read"), ms(&slowest.read_us), "ms"),
        Row::told(format!("{at}: resident memory"), resident_mb(), "MB"),
        Row::told(format!("{at}: disk"), disk as f64 / 1e6, "MB"),
    ];
    eprintln!("{}", serde_json::to_string(&rows).unwrap());
    rows
}

fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse::<f64>().unwrap() / 1_000.0 * 1.024
}
