//! Writing, reading, answering.

use crate::support::{ALICE, BOB, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::views::{Draft, FolderRole, QuoteWords, RecipientState, SignatureState};
use smail_mail_core::{CodedError, FlagChange};

#[test]
fn alice_writes_and_bob_reads_and_answers() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));

    let receipt = alice
        .send(draft(&["Bob"], "Dinner – tonight?", "At eight.\n\nA."))
        .unwrap();
    assert_eq!(
        (receipt.row.subject.as_str(), receipt.row.unread),
        ("Dinner – tonight?", false)
    );
    assert_eq!(only_row(alice.rows(FolderRole::Sent)), receipt.row);

    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(row.fault, None);
    assert_eq!(
        (row.from.address.as_str(), row.subject.as_str()),
        ("alice@localhost", "Dinner – tonight?")
    );
    assert_eq!((row.snippet.as_str(), row.unread), ("At eight. A.", true));

    let message = bob.read(&row);
    assert_eq!(message.text, "At eight.\n\nA.");
    assert_eq!(message.security.signature, SignatureState::Verified);
    assert_eq!(
        message.security.text,
        "Encrypted end to end. Verified: signed by alice@localhost."
    );
    assert_eq!(
        message.security.signer_fingerprint,
        Some(alice.client.account().fingerprint)
    );
    assert_eq!(message.notes, Vec::<String>::new());
    assert!(!only_row(bob.rows(FolderRole::Inbox)).unread);

    let words = QuoteWords {
        wrote: "On Sunday, alice wrote:".to_owned(),
        ..QuoteWords::default()
    };
    let reply = block_on(bob.client.reply_draft(&row.id, &words)).unwrap();
    assert_eq!(
        (reply.to.as_slice(), reply.subject.as_str()),
        (
            ["alice@localhost".to_owned()].as_slice(),
            "Re: Dinner – tonight?"
        )
    );
    bob.send(Draft {
        text: format!("Yes.{}", reply.text),
        ..reply
    })
    .unwrap();
    let answer = alice.read(&only_row(alice.rows(FolderRole::Inbox)));
    assert_eq!(
        answer.text,
        "Yes.\n\nOn Sunday, alice wrote:\n> At eight.\n>\n> A."
    );
    assert_eq!(answer.references, [message.message_id]);
    assert_eq!(answer.security.signature, SignatureState::Verified);

    let inbox = &block_on(alice.client.folders()).unwrap()[0];
    assert_eq!((inbox.total, inbox.unread), (1, 0));
}

#[test]
fn bcc_is_seen_by_the_sender_alone() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let carol = Party::sign_up(&world, ("carol", "yet another long password"));
    let hidden = Draft {
        bcc: vec!["carol".to_owned()],
        ..draft(&["bob"], "s", "t")
    };
    let sent = alice.send(hidden).unwrap().row;

    let own = alice.read(&sent);
    assert_eq!(own.bcc[0].address, "carol@localhost");
    assert_eq!(own.security.signature, SignatureState::Verified);
    for reader in [&bob, &carol] {
        let message = reader.read(&only_row(reader.rows(FolderRole::Inbox)));
        assert!(message.bcc.is_empty());
        assert_eq!(message.to[0].address, "bob@localhost");
        assert_eq!(
            message.security.signature,
            SignatureState::Verified,
            "{}",
            message.security.text
        );
    }
    let blob = |name: &str| {
        world
            .borrow_mut()
            .data(name)
            .items
            .values()
            .map(|item| item.blob_id)
            .collect::<Vec<_>>()
    };
    // A reader sees as many keys as without Bcc: the own one and the sender's.
    let shown = blob("bob")[0];
    let with_bcc = world.borrow_mut().blobs[&shown].clone();
    assert_eq!(readers(&with_bcc), 2);
    assert!(
        blob("bob") != blob("carol")
            && blob("alice") != blob("bob")
            && blob("alice") != blob("carol")
    );
}

/// Number of session key packets (tag 1, two-octet lengths) that a message begins with.
fn readers(mut message: &[u8]) -> usize {
    let mut count = 0;
    while let [0xc1, high @ 192..=223, low, rest @ ..] = message {
        count += 1;
        message = &rest[(usize::from(*high) - 192) * 256 + usize::from(*low) + 192..];
    }
    count
}

#[test]
fn each_kind_of_bad_recipient_is_named_and_nothing_is_sent() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for (to, code) in [
        ("no body", "malformed-recipient"),
        ("nobody", "unknown-recipient"),
        ("bob@example.org", "outside-recipient"),
    ] {
        let error = alice.send(draft(&[to], "s", "t")).unwrap_err();
        assert_eq!((error.code(), error.field()), (code, Some("to")));
        assert!(
            error.to_string().contains(to) && !format!("{error:?}").contains(to),
            "{error} {error:?}"
        );
    }
    let error = alice
        .send(Draft {
            cc: vec!["nobody".to_owned()],
            ..draft(&["alice"], "s", "t")
        })
        .unwrap_err();
    assert_eq!(error.field(), Some("cc"));
    assert_eq!(
        alice.send(draft(&["", " "], "s", "t")).unwrap_err().code(),
        "no-recipients"
    );
    assert!(world.borrow().blobs.is_empty() && world.borrow_mut().data("alice").items.is_empty());

    let typed = ["nobody", "alice", "b@example.org"].map(str::to_owned);
    let states: Vec<_> = block_on(alice.client.look_up(&typed))
        .unwrap()
        .into_iter()
        .map(|status| status.state)
        .collect();
    assert_eq!(
        states,
        [
            RecipientState::Unknown,
            RecipientState::Ready,
            RecipientState::Outside
        ]
    );
}

#[test]
fn a_note_to_oneself_arrives_and_items_are_filed() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let long_subject = "ü".repeat(300_000);
    alice
        .send(draft(&["alice", "ALICE@localhost"], &long_subject, ""))
        .unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    assert!(row.subject.ends_with('…'));
    assert_eq!(
        alice.read(&row).security.signature,
        SignatureState::Verified
    );

    let starred = FlagChange {
        starred: Some(true),
        unread: Some(true),
    };
    let row = block_on(alice.client.set_flags(&row.id, starred)).unwrap();
    assert!(row.starred && row.unread);
    let moved = block_on(
        alice
            .client
            .move_to(&row.id, &alice.folder(FolderRole::Trash)),
    )
    .unwrap();
    assert!(moved.starred && alice.rows(FolderRole::Inbox).is_empty());
    assert_eq!(only_row(alice.rows(FolderRole::Trash)), moved);
    block_on(alice.client.delete(&row.id)).unwrap();
    block_on(alice.client.delete(&row.id)).unwrap();
    assert!(alice.rows(FolderRole::Trash).is_empty());
}

#[test]
fn an_exported_message_is_ordinary_mail_and_reads_the_same() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice
        .send(draft(&["bob"], "a secret subject", "secret words"))
        .unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    let before = bob.read(&row);
    let file = block_on(bob.client.export(&row.id)).unwrap();
    let text = String::from_utf8(file.clone()).unwrap();
    assert!(
        text.contains("Subject: [...]")
            && text.contains("multipart/encrypted")
            && !text.contains("secret")
    );

    // The same file as a blob: what a gateway would bring.
    let blob_id =
        smail_protocol::BlobId::from_sha256(<sha2::Sha256 as sha2::Digest>::digest(&file).into());
    world.borrow_mut().blobs.insert(blob_id, file.clone());
    alice.send(draft(&["bob"], "to be replaced", "t")).unwrap();
    let inbox = bob.folder(FolderRole::Inbox);
    let arrived = {
        let mut world = world.borrow_mut();
        let items = &mut world.data("bob").items;
        let item = items
            .values_mut()
            .find(|item| item.mailbox_id.to_string() == inbox && item.sealed.is_none())
            .unwrap();
        item.blob_id = blob_id;
        item.item_id.to_string()
    };
    let after = block_on(bob.client.read(&arrived, |_| {})).unwrap();
    assert_eq!(
        (after.subject, after.text, after.security),
        (before.subject, before.text, before.security)
    );
    assert_eq!(block_on(bob.client.export(&arrived)).unwrap(), file);
}
