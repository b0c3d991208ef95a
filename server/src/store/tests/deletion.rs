//! Deleting an account: what ends at once, what goes afterwards, and that nothing cuts it off for good.

use super::fixture::{
    DAY_MS, NOW_MS, Person, bytes, credential, on_every_store, open, passkey, read_blob,
};
use crate::store::layout::{self, PREFIXES};
use crate::store::{
    CreateAccountError, CreateSessionError, DeleteAccountError, DeleteItemError, DeliverError,
    PutMailboxError, SetCredentialError, Store, StoreError, WriteItemError, WriteStateError,
};
use smail_protocol::{
    BlobId, CredentialKind, ItemId, ItemWriteRequest, ObjectId, StateWriteRequest,
};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const OBJECT: ObjectId = ObjectId::from_bytes([9; 16]);

fn state(text: &str) -> StateWriteRequest {
    StateWriteRequest {
        base_version: 0,
        sealed: bytes(text),
    }
}

/// What an account has when it is used: letters both ways, one of them shared, an upload, a state object, a session, a
/// recovery code. Gives the shared blob and one that alice alone has.
fn use_it(store: &Store, alice: &Person, bob: &Person) -> (BlobId, BlobId) {
    let shared = alice.send(store, 1, &b"to both ".repeat(1_000), &[alice, bob]);
    let own = alice.send(store, 2, &b"to herself ".repeat(1_000), &[alice]);
    bob.send(store, 3, b"to alice", &[alice]);
    alice.upload(store, b"never sent");
    let kind = CredentialKind::Recovery;
    store
        .set_credential(alice.account, kind, &credential("recovery"), None)
        .unwrap();
    store
        .put_state(alice.account, OBJECT, &state("sealed"))
        .unwrap();
    store.create_session(&alice.new_session(1)).unwrap();
    store
        .add_passkey(alice.account, &passkey(1), &[[1; 32]])
        .unwrap();
    (shared, own)
}

/// How many keys are of an account, by any prefix.
fn keys_of(store: &Store, person: &Person) -> usize {
    PREFIXES
        .iter()
        .filter(|prefix| prefix.is_of_accounts)
        .map(|prefix| {
            let range = layout::of_account(prefix.byte, person.account);
            store.engine().count(&range, usize::MAX).unwrap()
        })
        .sum()
}

fn faults(store: &Store) -> u64 {
    store.server_setup(|| b"\x09localhost".to_vec()).unwrap();
    store
        .check(false, |step| {
            if let crate::store::CheckStep::Found(fault, _) = step {
                eprintln!("{fault}");
            }
        })
        .unwrap()
        .found
}

#[test]
fn a_deleted_account_is_out_of_reach_at_once() {
    on_every_store(|store, alice, bob| {
        let (shared, _) = use_it(store, alice, bob);
        let feed = store
            .subscribe(alice.account, alice.new_session(1).session_id)
            .unwrap()
            .unwrap();
        store.delete_account(alice.account).unwrap();
        assert!(*feed.session_ended.borrow(), "open streams are told");
        assert_eq!(store.account_by_name(&alice.username), Ok(None));
        assert_eq!(store.account(alice.account), Ok(None));
        let found = store
            .certificates(std::slice::from_ref(&alice.username))
            .unwrap();
        assert_eq!(found.unknown, std::slice::from_ref(&alice.username));
        for kind in [CredentialKind::Password, CredentialKind::Recovery] {
            assert_eq!(store.credential(alice.account, kind), Ok(None));
        }
        assert_eq!(store.sessions(alice.account, NOW_MS), Ok(Vec::new()));
        assert!(store.second_factor(alice.account).unwrap().is_none());
        let used = store.use_passkey(alice.account, &passkey(1), passkey(1).state, NOW_MS);
        assert_eq!(used, Ok(false));
        let blob = bob.upload(store, b"too late");
        assert_eq!(
            store.deliver(bob.account, &bob.letter(7, blob, &[alice]), NOW_MS),
            Err(DeliverError::UnknownRecipients(vec![
                alice.username.clone()
            ]))
        );
        assert_eq!(
            store.delete_account(alice.account),
            Err(DeleteAccountError::NoAccount)
        );
        assert!(
            read_blob(store, bob, shared).is_some(),
            "bob keeps his copy"
        );
    });
}

#[test]
fn the_name_of_a_deleted_account_is_never_given_again() {
    on_every_store(|store, alice, _| {
        store.delete_account(alice.account).unwrap();
        store.finish_deletion(alice.account).unwrap();
        assert_eq!(store.is_name_taken(&alice.username), Ok(true));
        let again = Person::new("alice", 7).new_account();
        assert_eq!(
            store.create_account(&again),
            Err(CreateAccountError::UsernameTaken)
        );
        assert_eq!(faults(store), 0);
    });
}

#[test]
fn nothing_of_it_is_left() {
    on_every_store(|store, alice, bob| {
        let (shared, own) = use_it(store, alice, bob);
        store.delete_account(alice.account).unwrap();
        assert!(keys_of(store, alice) > 0);
        store.finish_deletion(alice.account).unwrap();
        assert_eq!(keys_of(store, alice), 0);
        let blob = |blob| store.engine().get(&layout::blob(blob)).unwrap();
        assert!(blob(own).is_none(), "a blob without holders goes");
        assert!(blob(shared).is_some());
        assert!(read_blob(store, bob, shared).is_some());
        store.sweep(NOW_MS + 100 * DAY_MS).unwrap();
        assert_eq!(faults(store), 0);
    });
}

#[test]
fn requests_that_were_under_way_leave_nothing() {
    on_every_store(|store, alice, bob| {
        use_it(store, alice, bob);
        let mut upload = store.blob_writer(alice.account, NOW_MS).unwrap();
        upload.write(&b"under way ".repeat(100_000)).unwrap();
        let item = ItemId::from_bytes([1; 16]);
        let held = store.item(alice.account, item).unwrap().unwrap();
        store.delete_account(alice.account).unwrap();
        assert!(upload.finish(None).is_err());
        let write = ItemWriteRequest {
            base_version: held.version,
            mailbox_id: alice.sent,
            blob_id: held.blob_id,
            sealed: bytes("changed"),
            parts: None,
        };
        let wrote = store.put_item(alice.account, item, &write, NOW_MS);
        assert_eq!(wrote, Err(WriteItemError::NoMailbox));
        let removed = store.delete_item(alice.account, item, held.version);
        assert_eq!(removed, Err(DeleteItemError::NotFound));
        let other = ObjectId::from_bytes([8; 16]);
        let put = store.put_state(alice.account, other, &state("late"));
        assert_eq!(put, Err(WriteStateError::NotFound));
        let gone = store.delete_state(alice.account, OBJECT, 1);
        assert_eq!(gone, Err(WriteStateError::NotFound));
        let mailbox = store.put_mailbox(alice.account, alice.inbox);
        assert_eq!(mailbox, Err(PutMailboxError::NoAccount));
        let session = store.create_session(&alice.new_session(2));
        assert_eq!(session, Err(CreateSessionError::CredentialChanged));
        let kind = CredentialKind::Password;
        let set = store.set_credential(alice.account, kind, &credential("new"), None);
        assert_eq!(set, Err(SetCredentialError::NoAccount));
        store.finish_deletion(alice.account).unwrap();
        store.sweep(NOW_MS + 100 * DAY_MS).unwrap();
        assert_eq!(keys_of(store, alice), 0);
        assert_eq!(faults(store), 0);
    });
}

/// Takes some steps of a deletion, as if it were cut off after them. Gives whether there were so many.
fn take_steps(store: &Store, alice: &Person, mut steps: usize) -> bool {
    let is_removed = |byte: u8| byte != layout::DELETION;
    let of_accounts = PREFIXES.iter().filter(|prefix| prefix.is_of_accounts);
    for prefix in of_accounts.filter(|prefix| is_removed(prefix.byte)) {
        loop {
            if steps == 0 {
                return true;
            }
            if !store.remove_some(alice.account, prefix.byte).unwrap() {
                break;
            }
            steps -= 1;
        }
    }
    false
}

#[test]
fn a_deletion_that_was_cut_off_after_any_step_is_finished_by_the_sweep() {
    let (mut steps, mut was_cut_off) = (0, true);
    while was_cut_off {
        let store = Store::in_memory();
        let (alice, bob) = (
            Person::sign_up(&store, "alice", 1),
            Person::sign_up(&store, "bob", 2),
        );
        use_it(&store, &alice, &bob);
        store.delete_account(alice.account).unwrap();
        was_cut_off = take_steps(&store, &alice, steps);
        // What is due of it meanwhile must not bring anything back.
        let swept = store.sweep(NOW_MS + 2 * DAY_MS).unwrap();
        assert_eq!(swept.deletions, 1);
        assert_eq!(keys_of(&store, &alice), 0, "after {steps} steps");
        assert_eq!(faults(&store), 0, "after {steps} steps");
        steps += 1;
    }
    assert!(steps > 5, "only {steps} steps");
}

#[test]
fn an_account_that_is_there_is_not_finished_off() {
    on_every_store(|store, alice, bob| {
        let (shared, _) = use_it(store, alice, bob);
        store.finish_deletion(alice.account).unwrap();
        assert_eq!(store.finish_deletions(), Ok(0));
        assert!(read_blob(store, alice, shared).is_some());
        assert_eq!(faults(store), 0);
    });
}

/// Tells the test binary that it is the child, and where to write.
const CHILD_DIRECTORY: &str = "SMAIL_STORE_DELETION_DIRECTORY";
const CHILD_TEST: &str = "store::tests::deletion::the_child_that_is_killed";
/// More than goes in one step.
const ITEMS: u8 = 150;

/// Makes and deletes accounts until it is killed; says on its output what has returned.
#[test]
#[ignore = "run by a_deletion_that_was_acknowledged_survives_a_kill"]
fn the_child_that_is_killed() {
    let Ok(directory) = std::env::var(CHILD_DIRECTORY) else {
        return;
    };
    let store = open(Path::new(&directory));
    let bob = bob(&store);
    for _ in 0..u8::MAX {
        let id = crate::store::random_id().unwrap();
        let victim = victim(id);
        store.create_account(&victim.new_account()).unwrap();
        let blob = victim.upload(&store, &id.repeat(700));
        std::thread::scope(|scope| {
            for thread in 0..5 {
                let (store, victim, bob) = (&store, &victim, &bob);
                scope.spawn(move || {
                    for n in (thread..ITEMS).step_by(5) {
                        let blob = if n % 50 == 0 {
                            victim.upload(store, &[n; 9_000])
                        } else {
                            blob
                        };
                        let to: &[&Person] = if n == 0 { &[victim, bob] } else { &[victim] };
                        store
                            .deliver(victim.account, &victim.letter(n, blob, to), NOW_MS)
                            .unwrap();
                    }
                });
            }
        });
        say("made", &victim);
        store.delete_account(victim.account).unwrap();
        say("deleted", &victim);
        store.finish_deletion(victim.account).unwrap();
    }
}

fn bob(store: &Store) -> Person {
    let bob = Person::new("bob", 2);
    if store.account_by_name(&bob.username).unwrap().is_none() {
        store.create_account(&bob.new_account()).unwrap();
    }
    bob
}

fn victim(id: [u8; 16]) -> Person {
    let name = format!("v{:016x}", u64::from_be_bytes(*id.first_chunk().unwrap()));
    Person {
        account: smail_protocol::AccountId::from_bytes(id),
        ..Person::new(&name, 3)
    }
}

/// One line, whole, past the test harness's own capture.
fn say(what: &str, person: &Person) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{what} {}\n", person.account).as_bytes())
        .unwrap();
    out.flush().unwrap();
}

/// What the child said before it was killed, a little after it said `word` for the `times`th time.
fn run_and_kill(directory: &Path, word: &str, times: usize, after: Duration) -> Vec<String> {
    let mut child: Child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD_TEST, "--exact", "--ignored", "--nocapture"])
        .env(CHILD_DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut said, mut heard) = (Vec::new(), 0);
    while heard < times {
        let line = lines.next().unwrap().unwrap();
        heard += usize::from(line.starts_with(word));
        said.push(line);
    }
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    said.extend(lines.map_while(Result::ok));
    said
}

#[test]
fn a_deletion_that_was_acknowledged_survives_a_kill() {
    let directory = TempDir::new().unwrap();
    let (mut made, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    let mut finished = 0;
    for round in 0..6_u64 {
        let (word, after) = if round % 2 == 0 {
            ("made", 2)
        } else {
            ("deleted", 4)
        };
        let after = Duration::from_millis(after * (round / 2));
        for line in run_and_kill(directory.path(), word, 1 + round as usize % 2, after) {
            match line.split_once(' ') {
                Some(("made", id)) => made.extend(id.parse::<smail_protocol::AccountId>()),
                Some(("deleted", id)) => deleted.extend(id.parse::<smail_protocol::AccountId>()),
                _ => {}
            }
        }
        let store = open(directory.path());
        finished += store.sweep(NOW_MS).unwrap().deletions;
        for id in &made {
            let person = victim(*id.as_bytes());
            let account = store.account_by_name(&person.username).unwrap();
            if deleted.contains(id) {
                assert_eq!(account, None, "a deleted account is back");
            }
            assert_eq!(store.is_name_taken(&person.username), Ok(true));
            match account {
                Some(_) => {
                    let sent = store.item_page(*id, person.sent, None, 1).unwrap();
                    assert_eq!(sent.total, u64::from(ITEMS), "deleted by half");
                }
                None => assert_eq!(keys_of(&store, &person), 0, "something of it is left"),
            }
        }
        assert_eq!(faults(&store), 0);
    }
    assert!(!deleted.is_empty());
    assert!(
        finished > 0,
        "no deletion was cut off: the kills mean nothing"
    );
}

#[test]
fn a_deleted_accounts_counter_of_bytes_does_not_come_back() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, b"claimed");
        store.delete_account(alice.account).unwrap();
        store.finish_deletion(alice.account).unwrap();
        assert_eq!(
            store.abandon_blob(alice.account, blob),
            Ok::<_, StoreError>(false)
        );
        assert_eq!(keys_of(store, alice), 0);
    });
}
