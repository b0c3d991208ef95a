//! A process that is killed while it writes: what it acknowledged is there when the data is opened again, and
//! nothing is there by half.

use super::fixture::{NOW_MS, Person, open, read_blob};
use crate::store::Store;
use smail_protocol::{BlobId, IdempotencyKey, ItemId};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Tells the test binary that it is the child, and where to write.
const CHILD_DIRECTORY: &str = "SMAIL_STORE_CRASH_DIRECTORY";
const CHILD_TEST: &str = "store::tests::crash::the_child_that_is_killed";
const WRITERS: u8 = 4;

fn people(store: &Store) -> (Person, Person) {
    let (alice, bob) = (Person::new("alice", 1), Person::new("bob", 2));
    for person in [&alice, &bob] {
        if store.account_by_name(&person.username).unwrap().is_none() {
            store.create_account(&person.new_account()).unwrap();
        }
    }
    (alice, bob)
}

/// Sends letters until it is killed; says "sent" or "removed" on its output when a verb has returned.
#[test]
#[ignore = "run by what_was_acknowledged_survives_a_kill"]
fn the_child_that_is_killed() {
    let Ok(directory) = std::env::var(CHILD_DIRECTORY) else {
        return;
    };
    let store = open(Path::new(&directory));
    let (alice, bob) = people(&store);
    std::thread::scope(|scope| {
        (0..WRITERS).for_each(|_| drop(scope.spawn(|| write_on(&store, &alice, &bob))))
    });
}

fn write_on(store: &Store, alice: &Person, bob: &Person) {
    for n in 0_u32.. {
        let id = crate::store::random_id().unwrap();
        let octets = id.repeat(if n.is_multiple_of(5) { 20_000 } else { 700 });
        let blob = alice.upload(store, &octets);
        let mut letter = alice.letter(0, blob, &[bob]);
        letter.idempotency_key = IdempotencyKey::from_bytes(id);
        letter.sent.item_id = ItemId::from_bytes(id);
        store.deliver(alice.account, &letter, NOW_MS).unwrap();
        say("sent", letter.sent.item_id, blob);
        if n.is_multiple_of(3) {
            store
                .delete_item(alice.account, letter.sent.item_id, 1)
                .unwrap();
            say("removed", letter.sent.item_id, blob);
        }
    }
}

/// One line, whole, past the test harness's own capture.
fn say(what: &str, item: ItemId, blob: BlobId) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{what} {item} {blob}\n").as_bytes())
        .unwrap();
    out.flush().unwrap();
}

fn spawn(directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([CHILD_TEST, "--exact", "--ignored", "--nocapture"])
        .env(CHILD_DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the child acknowledged before it was killed.
fn run_and_kill(directory: &Path, after: Duration) -> Vec<String> {
    let mut child = spawn(directory);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

/// What was acknowledged and not removed since, or removed. A last line may be torn.
#[derive(Default)]
struct Acknowledged {
    sent: Vec<(ItemId, BlobId)>,
    removed: BTreeSet<ItemId>,
}

impl Acknowledged {
    fn note(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["sent", item, blob] => {
                if let (Ok(item), Ok(blob)) = (item.parse(), blob.parse()) {
                    self.sent.push((item, blob));
                }
            }
            ["removed", item, _] => self.removed.extend(item.parse::<ItemId>()),
            _ => {}
        }
    }
}

/// That all acknowledged is there, and that counters, listings and blobs agree with each other.
fn check(store: &Store, acknowledged: &Acknowledged) {
    let (alice, bob) = people(store);
    let received = all_items(store, &bob);
    for (item, blob) in &acknowledged.sent {
        assert!(received.contains(blob), "a delivered letter is lost");
        if acknowledged.removed.contains(item) {
            assert_eq!(
                store.item(alice.account, *item),
                Ok(None),
                "a removed item is back"
            );
        }
    }
    for blob in received {
        assert!(
            read_blob(store, &bob, blob).is_some(),
            "an item without its blob"
        );
    }
    let sent = store.item_page(alice.account, alice.sent, None, 1).unwrap();
    let items = super::fixture::keys_with_prefix(store, b'i') as u64;
    let bobs = store
        .item_page(bob.account, bob.inbox, None, 1)
        .unwrap()
        .total;
    assert_eq!(sent.total + bobs, items, "totals and items differ");
}

/// The blobs of everything in the inbox, of which the mailbox's total must tell.
fn all_items(store: &Store, person: &Person) -> BTreeSet<BlobId> {
    let (mut blobs, mut before) = (BTreeSet::new(), None);
    loop {
        let page = store
            .item_page(person.account, person.inbox, before.as_deref(), 500)
            .unwrap();
        blobs.extend(page.items.iter().map(|item| item.blob_id));
        before = page.next;
        if before.is_none() {
            assert_eq!(blobs.len() as u64, page.total);
            return blobs;
        }
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let directory = TempDir::new().unwrap();
    let mut acknowledged = Acknowledged::default();
    for round in 0..6_u64 {
        let after = Duration::from_millis(250 + round * 97);
        run_and_kill(directory.path(), after)
            .iter()
            .for_each(|line| acknowledged.note(line));
        check(&open(directory.path()), &acknowledged);
    }
    assert!(
        acknowledged.sent.len() > 20,
        "only {} letters: too few to mean anything",
        acknowledged.sent.len()
    );
    assert!(!acknowledged.removed.is_empty());
}
