//! A server that lies: altered, cut and exchanged blobs, exchanged summaries, another's certificate.

use crate::support::{ALICE, BOB, Party, World, draft, only_row};
use futures_executor::block_on;
use rand_chacha::rand_core::SeedableRng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, TransferableSecretKey, encrypt_and_sign};
use smail_mail_core::CodedError;
use smail_mail_core::message::{Outer, Outgoing, build};
use smail_mail_core::views::{FolderRole, Person, RecipientState, SignatureState};
use smail_protocol::{BlobId, ChangedObject};

#[test]
fn altered_cut_and_exchanged_blobs_are_refused_and_the_list_goes_on() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    for subject in ["altered", "cut", "exchanged", "fine"] {
        alice.send(draft(&["bob"], subject, "t")).unwrap();
    }
    {
        let mut world = world.borrow_mut();
        let mut items: Vec<_> = world.data("bob").items.values().cloned().collect();
        items.sort_by_key(|item| item.arrival_ms);
        let ids: Vec<BlobId> = items.iter().map(|item| item.blob_id).collect();
        let fine = world.blobs[&ids[3]].clone();
        let middle = world.blobs[&ids[0]].len() / 2;
        world.blobs.get_mut(&ids[0]).unwrap()[middle] ^= 1;
        world.blobs.get_mut(&ids[1]).unwrap().truncate(middle);
        world.blobs.insert(ids[2], fine);
    }
    let rows = bob.rows(FolderRole::Inbox);
    assert_eq!(rows.iter().filter(|row| row.fault.is_some()).count(), 3);
    assert_eq!(rows[0].subject, "fine");
    for row in &rows[1..] {
        let error = block_on(bob.client.read(&row.id, |_| {})).unwrap_err();
        assert_eq!(error.code(), "blob-altered");
    }
    // It may come whole the next time, so nothing is filed for it; it can still be removed.
    let moved = block_on(
        bob.client
            .move_to(&rows[1].id, &bob.folder(FolderRole::Trash)),
    );
    assert_eq!(moved.unwrap_err().code(), "unavailable");
    block_on(bob.client.delete(&rows[1].id)).unwrap();
}

#[test]
fn a_blob_that_was_altered_under_a_new_name_does_not_decrypt() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "s", "t")).unwrap();
    {
        let mut world = world.borrow_mut();
        let item = world.data("bob").items.values().next().unwrap().clone();
        let mut octets = world.blobs[&item.blob_id].clone();
        let last = octets.len() - 1;
        octets[last] ^= 1;
        let id = BlobId::from_sha256(<sha2::Sha256 as sha2::Digest>::digest(&octets).into());
        world.blobs.insert(id, octets);
        world
            .data("bob")
            .items
            .get_mut(&item.item_id)
            .unwrap()
            .blob_id = id;
    }
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert!(row.fault.unwrap().contains("altered"));
    let error = block_on(bob.client.read(&row.id, |_| {})).unwrap_err();
    assert_eq!(error.code(), "decrypt-tampered");
}

#[test]
fn a_message_for_others_does_not_open() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let mallory = Party::sign_up(&world, ("mallory", "the password of mallory"));
    alice.send(draft(&["mallory"], "for mallory", "t")).unwrap();
    alice.send(draft(&["bob"], "for bob", "t")).unwrap();
    {
        let mut world = world.borrow_mut();
        let for_mallory = world.data("mallory").items.values().next().unwrap().blob_id;
        world.data("bob").items.values_mut().next().unwrap().blob_id = for_mallory;
    }
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(
        row.fault.as_deref(),
        Some("This message is not encrypted to you, so it cannot be opened.")
    );
    assert_eq!(only_row(mallory.rows(FolderRole::Inbox)).fault, None);
}

#[test]
fn summaries_cannot_be_exchanged_or_brought_back() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.send(draft(&["alice"], "one", "t")).unwrap();
    alice.send(draft(&["alice"], "two", "t")).unwrap();
    let rows = alice.rows(FolderRole::Inbox);
    let old = world.borrow_mut().data("alice").items.clone();
    alice.read(&rows[0]);
    {
        let mut world = world.borrow_mut();
        let items = &mut world.data("alice").items;
        let (one, two) = (rows[1].id.parse().unwrap(), rows[0].id.parse().unwrap());
        // An old summary under the new version, and another message's blob under a good summary.
        items.get_mut(&two).unwrap().sealed = old[&two].sealed.clone();
        items.get_mut(&one).unwrap().blob_id = old[&two].blob_id;
    }
    let again = Party::log_in(&world, ALICE).unwrap();
    let rows = again.rows(FolderRole::Inbox);
    assert!(
        rows[0].fault.as_deref().unwrap().contains("altered"),
        "{rows:?}"
    );
    assert!(
        rows[1]
            .fault
            .as_deref()
            .unwrap()
            .contains("another message"),
        "{rows:?}"
    );
}

#[test]
fn a_changed_key_stops_the_send_until_it_is_accepted() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "first", "t")).unwrap();
    // Mallory holds the server, and a key in bob's name.
    let elsewhere = World::new();
    let mallory = Party::sign_up(&elsewhere, ("bob", "the password of mallory"));
    let foreign = elsewhere.borrow_mut().data("bob").certificate.clone();
    world.borrow_mut().data("bob").certificate = foreign;

    let error = alice.send(draft(&["bob"], "second", "secret")).unwrap_err();
    assert_eq!((error.code(), error.field()), ("changed-key", Some("to")));
    let status = block_on(alice.client.look_up(&["bob".to_owned()]))
        .unwrap()
        .remove(0);
    assert_eq!(status.state, RecipientState::ChangedKey);
    assert_eq!(
        status.pinned_fingerprint,
        Some(bob.client.account().fingerprint)
    );
    assert_eq!(
        status.fingerprint,
        Some(mallory.client.account().fingerprint)
    );

    // Pins are sealed state: another session of alice has them too.
    let other = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(
        other
            .send(draft(&["bob"], "third", "secret"))
            .unwrap_err()
            .code(),
        "changed-key"
    );
    let fingerprint = status.fingerprint.unwrap();
    block_on(
        alice
            .client
            .accept_changed_key(&status.address.unwrap(), &fingerprint),
    )
    .unwrap();
    alice.send(draft(&["bob"], "second", "t")).unwrap();

    // And bob is told that others are given a key that is not his.
    assert_eq!(
        Party::log_in(&world, BOB).err().unwrap().code(),
        "foreign-certificate"
    );
}

#[test]
fn a_changed_author_key_is_not_called_verified() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "one", "t")).unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(bob.read(&row).security.signature, SignatureState::Verified);
    let elsewhere = World::new();
    Party::sign_up(&elsewhere, ("alice", "the password of mallory"));
    world.borrow_mut().data("alice").certificate =
        elsewhere.borrow_mut().data("alice").certificate.clone();
    let security = bob.read(&row).security;
    assert_eq!(security.signature, SignatureState::UnknownKey);
    assert!(
        !security.text.contains("Verified") && security.text.contains("not the one seen before")
    );

    let nobody = world
        .borrow_mut()
        .accounts
        .remove(&"alice".parse().unwrap());
    assert!(nobody.is_some());
    assert!(
        bob.read(&row)
            .security
            .text
            .contains("no account alice@localhost")
    );
}

#[test]
fn mallory_cannot_write_in_alice_s_name() {
    let world = World::new();
    Party::sign_up(&world, ALICE);
    let (bob, carol) = (
        Party::sign_up(&world, BOB),
        Party::sign_up(&world, ("carol", "carol has one too")),
    );
    let rng = &mut rand_chacha::ChaCha20Rng::from_seed([3; 32]);
    let now = UnixSeconds::from_ms(world.borrow_mut().tick());
    let mallory = TransferableSecretKey::generate("alice@localhost", now, rng).unwrap();
    let person = |address: &str| Person {
        name: "Alice".to_owned(),
        address: address.to_owned(),
    };
    let entity = build(
        &Outgoing {
            from: person("alice@localhost"),
            to: vec![person("bob@localhost")],
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: "from alice, honestly".to_owned(),
            text: "t".to_owned(),
            date_s: now.get(),
            message_id: "m@localhost".to_owned(),
            in_reply_to: None,
            references: Vec::new(),
        },
        Outer::None,
    )
    .unwrap();
    carol.send(draft(&["bob"], "honest", "t")).unwrap();
    {
        let mut world = world.borrow_mut();
        let bobs = Certificate::from_bytes(world.data("bob").certificate.as_slice()).unwrap();
        let octets =
            encrypt_and_sign(&entity, &mallory, &[bobs.usable_at(now).unwrap()], now, rng).unwrap();
        let id = BlobId::from_sha256(<sha2::Sha256 as sha2::Digest>::digest(&octets).into());
        world.blobs.insert(id, octets);
        world.data("bob").items.values_mut().next().unwrap().blob_id = id;
    }
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(row.subject, "from alice, honestly");
    assert_eq!(row.signature, Some(SignatureState::WrongSender));
    let security = bob.read(&row).security;
    assert_eq!(security.signature, SignatureState::WrongSender);
    assert!(!security.text.contains("Verified"), "{}", security.text);
}

#[test]
fn a_server_that_says_pins_were_removed_is_not_believed() {
    let world = World::new();
    let (alice, _bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "first", "t")).unwrap();
    block_on(alice.client.sync()).unwrap();
    {
        let mut world = world.borrow_mut();
        let objects: Vec<_> = world.data("alice").states.keys().copied().collect();
        for object_id in objects {
            world
                .data("alice")
                .note(ChangedObject::StateRemoved { object_id });
        }
    }
    block_on(alice.client.sync()).unwrap();
    let elsewhere = World::new();
    Party::sign_up(&elsewhere, ("bob", "the password of mallory"));
    let foreign = elsewhere.borrow_mut().data("bob").certificate.clone();
    world.borrow_mut().data("bob").certificate = foreign;
    let error = alice.send(draft(&["bob"], "second", "t")).unwrap_err();
    assert_eq!(error.code(), "changed-key");
}
