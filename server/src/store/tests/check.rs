//! One planted fault of each kind: found, told, and repaired where that loses nothing.

use super::fixture::{NOW_MS, Person, bytes, item_id, open};
use crate::store::engine::{Batch, Direction, Entry, KeyRange};
use crate::store::layout::{self, Ending, StreamId};
use crate::store::records::{
    AccountRecord, BlobRecord, ChangeRecord, HoldingRecord, IdempotencyRecord, ItemRecord,
    MailboxRecord, Record, SessionRecord, UsageRecord,
};
use crate::store::{Changed, CheckStep, Fault, Store, StreamName};
use proptest::prelude::*;
use smail_protocol::{
    AccountId, BlobId, CredentialKind, IdempotencyKey, MailboxId, ObjectId, SessionId,
    StateWriteRequest,
};
use tempfile::TempDir;

/// Alice has sent bob a letter of several chunks, keeps a state object, is logged in, and has uploaded something.
struct World {
    store: Store,
    alice: Person,
    bob: Person,
    letter: BlobId,
    upload: BlobId,
    object: ObjectId,
}

impl World {
    fn over(store: Store) -> Self {
        let (alice, bob) = (
            Person::sign_up(&store, "alice", 1),
            Person::sign_up(&store, "bob", 2),
        );
        store
            .server_setup(|| b"\x09localhostSETUP".to_vec())
            .unwrap();
        store.create_session(&alice.new_session(1)).unwrap();
        let letter = alice.send(&store, 1, &[7; 10_000], &[&bob]);
        let upload = alice.upload(&store, b"not yet sent");
        let object = ObjectId::from_bytes([5; 16]);
        let write = StateWriteRequest {
            base_version: 0,
            sealed: bytes("state"),
        };
        store.put_state(alice.account, object, &write).unwrap();
        Self {
            store,
            alice,
            bob,
            letter,
            upload,
            object,
        }
    }

    fn new() -> Self {
        Self::over(Store::in_memory())
    }

    fn record<R: Record>(&self, key: &[u8]) -> R {
        self.store.read(key).unwrap().unwrap()
    }

    fn put(&self, key: Vec<u8>, value: impl Into<Vec<u8>>) {
        let mut batch = Batch::default();
        batch.put(key, value);
        self.store.apply(&batch).unwrap();
    }

    fn put_record(&self, key: Vec<u8>, record: &impl Record) {
        self.put(key, record.encode().unwrap());
    }

    fn delete(&self, key: Vec<u8>) {
        let mut batch = Batch::default();
        batch.delete(key);
        self.store.apply(&batch).unwrap();
    }

    fn first(&self, prefix: &[u8]) -> Entry {
        let range = KeyRange::prefix(prefix);
        let engine = self.store.engine();
        engine
            .scan(&range, Direction::Ascending, 1)
            .unwrap()
            .remove(0)
    }

    fn chunk(&self, number: u32) -> Vec<u8> {
        let blob: BlobRecord = self.record(&layout::blob(self.letter));
        layout::chunk(StreamId(blob.stream), number)
    }

    fn alices_item(&self) -> Vec<u8> {
        layout::item(self.alice.account, item_id(1))
    }
}

fn check(store: &Store, repairs: bool) -> (Vec<Fault>, u64) {
    let mut faults = Vec::new();
    let report = store
        .check(repairs, |step| {
            if let CheckStep::Found(fault, _) = step {
                faults.push((*fault).clone());
            }
        })
        .unwrap();
    assert_eq!(report.found, faults.len() as u64);
    (faults, report.left())
}

/// What is planted, which faults that makes, and how many of them a repair leaves.
fn planted(plant: impl Fn(&World) -> Vec<Fault>, left: u64) {
    let world = World::new();
    let expected = plant(&world);
    let before = entries(&world.store);
    assert_eq!(check(&world.store, false).0, expected);
    assert!(
        entries(&world.store) == before,
        "only looked at, and changed"
    );
    let (_, left_by_repair) = check(&world.store, true);
    assert_eq!(left_by_repair, left, "{expected:?}");
    assert_eq!(
        check(&world.store, false).0.len() as u64,
        left,
        "{expected:?}"
    );
}

fn repaired(plant: impl Fn(&World) -> Vec<Fault>) {
    planted(plant, 0);
}

fn left(plant: impl Fn(&World) -> Vec<Fault>) {
    planted(plant, 1);
}

fn entries(store: &Store) -> Vec<Entry> {
    let engine = store.engine();
    engine
        .scan(&layout::everything(), Direction::Ascending, usize::MAX)
        .unwrap()
}

#[test]
fn a_sound_store_has_no_fault() {
    let directory = TempDir::new().unwrap();
    for store in [Store::in_memory(), open(directory.path())] {
        let world = World::over(store);
        let report = world.store.check(false, |_| ()).unwrap();
        assert_eq!((report.accounts, report.items, report.blobs), (2, 2, 2));
        assert_eq!(report.found, 0);
        // An upload under way is no fault, nor one that was given up.
        let mut writer = world
            .store
            .blob_writer(world.alice.account, NOW_MS)
            .unwrap();
        writer.write(&[1; 500_000]).unwrap();
        assert_eq!(check(&world.store, false).0, []);
        drop(writer);
        assert_eq!(check(&world.store, false).0, []);
        world
            .store
            .delete_item(world.alice.account, item_id(1), 1)
            .unwrap();
        assert_eq!(check(&world.store, false).0, []);
    }
}

#[test]
fn keys_and_records_that_do_not_read() {
    left(|world| {
        world.put(b"Yes".to_vec(), b"");
        vec![Fault::UnknownKey("596573".to_owned())]
    });
    left(|world| {
        let key = layout::state_object(world.alice.account, world.object);
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        world.put(key, b"\x09nonsense");
        vec![Fault::Unreadable("state object", hex)]
    });
}

#[test]
fn accounts_and_their_names() {
    left(|world| {
        world.delete(layout::server_setup());
        vec![Fault::NoServerSetup]
    });
    left(|world| {
        world.delete(layout::credential(
            world.bob.account,
            CredentialKind::Password,
        ));
        vec![Fault::MissingPart(world.bob.account, "password")]
    });
    left(|world| {
        world.delete(layout::certificate(world.bob.account));
        vec![Fault::MissingPart(world.bob.account, "certificate")]
    });
    repaired(|world| {
        let nobody = AccountId::from_bytes([9; 16]);
        world.put(
            layout::username(&"carol".parse().unwrap()),
            *nobody.as_bytes(),
        );
        vec![Fault::NameOfNobody(nobody)]
    });
    repaired(|world| {
        let name = layout::username(&"carol".parse().unwrap());
        world.put(name, *world.bob.account.as_bytes());
        vec![Fault::StrayName(world.bob.account)]
    });
    repaired(|world| {
        world.delete(layout::username(&world.bob.username));
        vec![Fault::NameMissing(world.bob.account)]
    });
    // Repaired: the name that leads to alice and is none of hers goes; the next check gives it back to bob.
    planted(
        |world| {
            let key = layout::username(&world.bob.username);
            world.put(key, *world.alice.account.as_bytes());
            vec![
                Fault::NameTaken(world.bob.account),
                Fault::StrayName(world.alice.account),
            ]
        },
        1,
    );
    left(|world| {
        let nobody = AccountId::from_bytes([9; 16]);
        world.put(layout::keyring(nobody), b"keyring");
        vec![Fault::DataOfNobody(nobody)]
    });
}

#[test]
fn mailboxes_and_lists() {
    repaired(|world| {
        let key = layout::account(world.alice.account);
        let mut record: AccountRecord = world.record(&key);
        record.mailboxes = 7;
        world.put_record(key, &record);
        vec![Fault::MailboxCount(world.alice.account, 7, 2)]
    });
    repaired(|world| {
        let (account, mailbox) = (world.alice.account, world.alice.inbox);
        world.delete(layout::mailbox(account, mailbox));
        vec![
            Fault::MailboxMissing(account, mailbox),
            Fault::MailboxCount(account, 2, 1),
        ]
    });
    repaired(|world| {
        let (account, mailbox) = (world.bob.account, world.bob.inbox);
        world.put_record(
            layout::mailbox(account, mailbox),
            &MailboxRecord { total: 4 },
        );
        vec![Fault::MailboxTotal(account, mailbox, 4, 1)]
    });
    repaired(|world| {
        world.delete(world.first(b"l\x01").key);
        vec![Fault::NotListed(world.alice.account, item_id(1))]
    });
    repaired(|world| {
        let alice = &world.alice;
        let listing = layout::listing(alice.account, alice.inbox, NOW_MS, item_id(1));
        world.put(listing, b"");
        vec![Fault::StaleListing(alice.account, item_id(1))]
    });
}

#[test]
fn an_item_in_a_mailbox_that_is_lost() {
    repaired(|world| {
        let (account, mailbox) = (world.alice.account, world.alice.sent);
        world.delete(layout::mailbox(account, mailbox));
        vec![
            Fault::MailboxMissing(account, mailbox),
            Fault::MailboxCount(account, 2, 1),
        ]
    });
}

#[test]
fn who_holds_what() {
    repaired(|world| {
        let key = world.alices_item();
        let mut record: ItemRecord = world.record(&key);
        record.size_bytes = 1;
        world.put_record(key, &record);
        vec![Fault::ItemSize(world.alice.account, item_id(1))]
    });
    repaired(|world| {
        let (account, blob) = (world.alice.account, world.letter);
        let mut record: HoldingRecord = world.record(&layout::holding(account, blob));
        record.items = 5;
        world.put_record(layout::holding(account, blob), &record);
        vec![Fault::HoldingCount(account, blob, 5, 1)]
    });
    repaired(|world| {
        let key = layout::holding(world.bob.account, world.upload);
        world.put_record(key, &HoldingRecord::default());
        vec![
            Fault::StrayHolding(world.bob.account, world.upload),
            Fault::Usage(world.bob.account, 10_000, 10_012),
            Fault::HolderCount(world.upload, 1, 2),
        ]
    });
    repaired(|world| {
        world.delete(layout::ending(
            NOW_MS + 24 * 3_600 * 1_000,
            Ending::Claim(world.alice.account, world.upload),
        ));
        vec![Fault::ClaimWithoutEnd(world.alice.account, world.upload)]
    });
    repaired(|world| {
        let key = layout::blob(world.letter);
        let mut record: BlobRecord = world.record(&key);
        record.holders = 9;
        world.put_record(key, &record);
        vec![Fault::HolderCount(world.letter, 9, 2)]
    });
    repaired(|world| {
        world.delete(layout::holding(world.alice.account, world.upload));
        // The letter, its summary and the state object are left.
        vec![
            Fault::Usage(world.alice.account, 10_024, 10_012),
            Fault::BlobOfNobody(world.upload),
        ]
    });
    repaired(|world| {
        world.delete(layout::holding(world.bob.account, world.letter));
        vec![
            Fault::HoldingCount(world.bob.account, world.letter, 0, 1),
            Fault::Usage(world.bob.account, 10_000, 0),
            Fault::HolderCount(world.letter, 2, 1),
        ]
    });
}

#[test]
fn how_much_an_account_stores() {
    repaired(|world| {
        let account = world.alice.account;
        world.put_record(layout::usage(account), &UsageRecord { bytes: 7 });
        vec![Fault::Usage(account, 7, 10_024)]
    });
}

#[test]
fn octets_that_are_lost_or_changed() {
    left(|world| {
        world.delete(world.chunk(1));
        vec![Fault::ChunkMissing(world.letter, 1)]
    });
    left(|world| {
        let key = world.chunk(1);
        let mut chunk = world.first(&key).value;
        chunk[100] ^= 1;
        world.put(key, chunk);
        vec![Fault::ChunkDamaged(world.letter, 1)]
    });
    left(|world| {
        world.delete(world.chunk(2));
        vec![Fault::BlobSize(world.letter, 10_000, 6_912)]
    });
    left(|world| {
        let key = world.chunk(0);
        let octets = [8; 3_456];
        let checksum = crc32fast::hash(&octets).to_be_bytes();
        world.put(key, [&checksum[..], &octets].concat());
        vec![Fault::BlobDigest(world.letter)]
    });
    left(|world| {
        (0..3).for_each(|number| world.delete(world.chunk(number)));
        vec![Fault::BlobSize(world.letter, 10_000, 0)]
    });
    repaired(|world| {
        let stray = StreamId([0xee; 16]);
        world.put(layout::chunk(stray, 0), b"1234octets");
        world.put(layout::chunk(stray, 1), b"1234octets");
        let (faults, _) = check(&world.store, false);
        assert!(faults[0].to_string().contains(&"ee".repeat(16)));
        faults
    });
}

#[test]
fn octets_of_nothing() {
    repaired(|world| {
        let stream = StreamId([9; 16]);
        for number in 0..3 {
            world.put(layout::chunk(stream, number), [7; 100]);
        }
        vec![Fault::StrayChunks(StreamName(stream))]
    });
}

#[test]
fn a_blob_that_is_lost_is_told_of_by_each_item() {
    let world = World::new();
    world.delete(layout::blob(world.letter));
    let (faults, left) = check(&world.store, true);
    let of_items = faults.iter().filter(
        |fault| matches!(fault, Fault::ItemWithoutBlob(_, _, blob) if *blob == world.letter),
    );
    assert_eq!((of_items.count(), left), (2, 2));
}

#[test]
fn the_change_log() {
    repaired(|world| {
        let record: ItemRecord = world.record(&world.alices_item());
        world.delete(layout::change(world.alice.account, record.change_seq));
        vec![Fault::ChangeMissing(
            world.alice.account,
            Changed::Item(item_id(1)),
        )]
    });
    repaired(|world| {
        let change = ChangeRecord::State([9; 16]);
        world.put_record(layout::change(world.bob.account, 1_000), &change);
        vec![
            Fault::SeqBehind(world.bob.account, 1, 1_000),
            Fault::StaleChange(world.bob.account, 1_000),
        ]
    });
    repaired(|world| {
        let account = world.alice.account;
        world.delete(layout::newest_seq(account));
        vec![Fault::SeqBehind(account, 0, 2)]
    });
}

#[test]
fn sessions_and_ends() {
    repaired(|world| {
        world.delete(layout::session_by_token(&[1; 32]));
        vec![Fault::SessionWithoutToken(world.alice.account)]
    });
    repaired(|world| {
        let session = SessionId::from_bytes([1; 16]);
        world.delete(layout::session_by_id(world.alice.account, session));
        vec![Fault::TokenWithoutSession(world.alice.account)]
    });
    repaired(|world| {
        let session: SessionRecord = world.record(&layout::session_by_token(&[1; 32]));
        assert_eq!(session.account, [1; 16]);
        let ends = entries(&world.store)
            .into_iter()
            .filter(|entry| layout::is_of_a_session(&entry.key) && entry.key[0] == b'x');
        ends.for_each(|entry| world.delete(entry.key));
        vec![Fault::SessionWithoutEnd(world.alice.account)]
    });
    repaired(|world| {
        let key = layout::idempotency(world.bob.account, IdempotencyKey::from_bytes([7; 16]));
        let record: IdempotencyRecord = world.record(&world.first(b"r").key);
        world.put_record(key, &record);
        vec![Fault::DeliveryWithoutEnd(world.bob.account)]
    });
    repaired(|world| {
        world.put(b"x-malformed".to_vec(), b"");
        vec![Fault::MalformedEnd("782d6d616c666f726d6564".to_owned())]
    });
}

#[test]
fn a_fault_is_told_by_ids_and_never_by_name() {
    let world = World::new();
    world.delete(layout::username(&world.bob.username));
    world.delete(layout::mailbox(
        world.bob.account,
        MailboxId::from_bytes([2; 16]),
    ));
    let (faults, _) = check(&world.store, false);
    for fault in faults {
        let text = fault.to_string();
        assert!(
            text.contains(&"02".repeat(16)) && !text.contains("bob"),
            "{text}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever single key is lost, a check ends, and a second repair finds nothing that the first did not leave.
    #[test]
    fn any_lost_key_is_survived(which in any::<proptest::sample::Index>()) {
        let world = World::new();
        let entries = entries(&world.store);
        let lost = which.get(&entries).key.clone();
        world.delete(lost.clone());
        let (_, left) = check(&world.store, true);
        let (again, left_again) = check(&world.store, true);
        prop_assert_eq!((again.len() as u64, left_again), (left, left), "{:02x?}: {:?}", lost, again);
    }
}
