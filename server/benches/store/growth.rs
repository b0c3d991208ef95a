//! What single operations cost with few items in a mailbox and with many.

use super::people::{MESSAGE_BYTES, NOW_MS, Person, message, sealed};
use super::row::{Row, median};
use smail_protocol::{BlobId, ItemId, ItemWriteRequest, ObjectId, StateWriteRequest};
use smail_server::store::{Store, StoreOptions};
use std::path::Path;
use std::time::Instant;

/// What a listing asks for.
const PAGE: u32 = 50;
/// Measured operations of each kind in each store.
const TIMES: u64 = 600;
/// How many operations of one kind in one store follow each other.
const TURN: u64 = 20;
const MOST_GROWTH: f64 = 1.5;
/// A memory file system: what is filled there costs no `fdatasync`, and is then copied to the disk.
const MEMORY: &str = "/dev/shm";

/// A store with this many items in alice's inbox.
struct Grown {
    store: Store,
    alice: Person,
    bob: Person,
    times_ms: [Vec<f64>; 3],
}

const OPERATIONS: [&str; 3] = ["delivery", "listing of 50", "state change"];

/// Fills a small and a large store, then takes turns between the two.
pub(crate) fn measure(directory: &Path, base: u64, items: u64) -> Vec<Row> {
    let mut few = Grown::filled(directory, base);
    let mut many = Grown::filled(directory, items);
    for turn in 0..TIMES / TURN {
        for grown in [&mut few, &mut many] {
            (0..TURN).for_each(|number| grown.operate(turn * TURN + number));
        }
    }
    let mut rows = Vec::new();
    for (number, operation) in OPERATIONS.iter().enumerate() {
        let cost = |grown: &mut Grown| median(std::mem::take(&mut grown.times_ms[number]));
        let (cost_few, cost_many) = (cost(&mut few), cost(&mut many));
        let growth = cost_many / cost_few;
        rows.push(Row::told(
            format!("{operation} at {base} items"),
            cost_few,
            "ms",
        ));
        rows.push(Row::told(
            format!("{operation} at {items} items"),
            cost_many,
            "ms",
        ));
        let name = format!("{operation}: cost at {items} over cost at {base}");
        rows.push(Row::told(name, growth, "x").held("<= 1.5", growth <= MOST_GROWTH));
    }
    rows
}

impl Grown {
    /// Fills in memory, copies to the disk and opens it there.
    fn filled(directory: &Path, items: u64) -> Self {
        let name = format!("smail-growth-{}-{items}", std::process::id());
        let in_memory = Path::new(MEMORY).join(&name);
        let on_disk = directory.join(&name);
        let (alice, bob) = fill(&in_memory, items);
        copy(&in_memory, &on_disk);
        std::fs::remove_dir_all(&in_memory).unwrap();
        Self {
            store: Store::open(&on_disk, &StoreOptions::default()).unwrap(),
            alice,
            bob,
            times_ms: Default::default(),
        }
    }

    fn operate(&mut self, number: u64) {
        let Self {
            store, alice, bob, ..
        } = self;
        let mut times = [0.0; 3];
        let octets = message();
        times[0] = ms(|| bob.send(store, alice, &octets));
        times[1] = ms(|| {
            let page = store
                .item_page(alice.account, alice.inbox, None, PAGE)
                .unwrap();
            assert_eq!(page.items.len(), PAGE as usize);
        });
        let object = ObjectId::from_bytes([7; 16]);
        times[2] = ms(|| {
            let write = StateWriteRequest {
                base_version: number,
                sealed: sealed(),
            };
            store.put_state(alice.account, object, &write).unwrap();
        });
        for (all, time) in self.times_ms.iter_mut().zip(times) {
            all.push(time);
        }
    }
}

fn ms(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64() * 1_000.0
}

/// Items in alice's inbox that all name one message: what grows is the number of keys.
fn fill(directory: &Path, items: u64) -> (Person, Person) {
    let store = Store::open(directory, &StoreOptions::default()).unwrap();
    let (alice, bob) = (Person::sign_up(&store, 1), Person::sign_up(&store, 2));
    let blob: BlobId = alice.upload(&store, &vec![7; MESSAGE_BYTES]);
    for number in 0..items {
        let write = ItemWriteRequest {
            base_version: 0,
            mailbox_id: alice.inbox,
            blob_id: blob,
            sealed: sealed(),
            parts: None,
        };
        let arrival_ms = NOW_MS - items + number;
        store
            .put_item(
                alice.account,
                ItemId::from_bytes(rand::random()),
                &write,
                arrival_ms,
            )
            .unwrap();
        if number % 100_000 == 99_999 {
            eprintln!("growth: {} of {items} items", number + 1);
        }
    }
    (alice, bob)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
