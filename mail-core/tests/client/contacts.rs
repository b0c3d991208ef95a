//! The address book: two sessions, files of cards, completion, keys that are compared.

use crate::support::{ALICE, BOB, Party, World, draft};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::views::{
    Contact, FolderRole, GroupChange, Operation, Piece, RecipientState, SignatureState, SkipReason,
    Suggestion, SuggestionKind,
};

fn person(name: &str, address: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        addresses: vec![address.to_owned()],
        ..Contact::default()
    }
}

fn save(party: &Party, base: Option<&Contact>, next: &Contact) -> Contact {
    block_on(party.client.save_contact(base, next)).unwrap()
}

fn names(party: &Party) -> Vec<String> {
    let book = party.client.address_book();
    book.contacts.into_iter().map(|it| it.name).collect()
}

#[test]
fn contacts_are_made_changed_deleted_and_brought_back() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    let before = block_on(other.client.sync()).unwrap().contacts_version;

    let bob = save(&alice, None, &person(" Bob ", "BOB"));
    assert_eq!(
        (bob.name.as_str(), bob.addresses.as_slice()),
        ("Bob", &["bob@localhost".to_owned()][..])
    );
    save(&alice, None, &person("ädam", "adam@example.org"));
    assert_ne!(
        block_on(other.client.sync()).unwrap().contacts_version,
        before
    );
    assert_eq!(names(&other), ["Bob", "ädam"]);

    // Both change the same contact, from what it was: nothing of either is lost.
    let here = Contact {
        name: "Robert".to_owned(),
        ..bob.clone()
    };
    let there = Contact {
        note: "from the choir".to_owned(),
        ..bob.clone()
    };
    save(&alice, Some(&bob), &here);
    let both = save(&other, Some(&bob), &there);
    assert_eq!(
        (both.name.as_str(), both.note.as_str()),
        ("Robert", "from the choir")
    );

    let change = GroupChange {
        name: Some("Choir".to_owned()),
        add: vec![bob.id.clone()],
        ..GroupChange::default()
    };
    let group = block_on(alice.client.save_group(change.clone())).unwrap();
    let taken = block_on(alice.client.save_group(change)).unwrap_err();
    assert_eq!((taken.code(), taken.field()), ("name-taken", Some("name")));

    block_on(alice.client.sync()).unwrap();
    let removed = block_on(alice.client.remove_contacts(std::slice::from_ref(&bob.id))).unwrap();
    assert_eq!(removed, std::slice::from_ref(&both));
    assert_eq!(
        alice.client.address_book().groups[0].members,
        Vec::<String>::new()
    );
    assert_eq!(alice.client.find_contacts("choir"), Vec::<String>::new());

    // Undone: it is in its group again.
    save(&alice, None, &removed[0]);
    assert_eq!(
        alice.client.address_book().groups[0].members,
        std::slice::from_ref(&bob.id)
    );
    assert_eq!(alice.client.find_contacts("choir"), [bob.id]);

    let gone = block_on(alice.client.remove_group(&group.id))
        .unwrap()
        .unwrap();
    assert_eq!(
        block_on(alice.client.remove_group(&group.id)).unwrap(),
        None
    );
    let back = GroupChange {
        id: Some(gone.id.clone()),
        name: Some(gone.name),
        add: gone.members,
        remove: Vec::new(),
    };
    assert_eq!(block_on(alice.client.save_group(back)).unwrap(), group);
}

#[test]
fn a_full_book_says_so() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let cards: String = (0..600)
        .map(|at| {
            format!(
                "BEGIN:VCARD\nFN:P{at}\nEMAIL:p{at}@example.org\nNOTE:{}\nEND:VCARD\n",
                "n".repeat(1_990)
            )
        })
        .collect();
    let outcome = block_on(alice.client.import_contacts(cards.as_bytes())).unwrap();
    let added = outcome.added.len();
    assert!((400..600).contains(&added), "{added}");
    assert_eq!(outcome.skipped_count as usize, 600 - added);
    assert!(
        outcome
            .skipped
            .iter()
            .all(|it| it.reason == SkipReason::NoRoom)
    );
    let big = Contact {
        note: "n".repeat(1_990),
        ..person("One more", "more@example.org")
    };
    let error = block_on(alice.client.save_contact(None, &big)).unwrap_err();
    assert_eq!(error.code(), "contacts-full");
    assert_eq!(alice.client.address_book().contacts.len(), added);
}

#[test]
fn ten_thousand_contacts_fit_and_are_completed_in_a_moment() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let cards: String = (0..10_000)
        .map(|at| format!("BEGIN:VCARD\nFN:Ada{at} Fox\nEMAIL:a{at}@b.org\nEND:VCARD\n"))
        .collect();
    let outcome = block_on(alice.client.import_contacts(cards.as_bytes())).unwrap();
    assert_eq!((outcome.added.len(), outcome.skipped_count), (10_000, 0));
    block_on(alice.client.suggest("a", &[]));
    let start = std::time::Instant::now();
    for typed in ["a", "ad", "ada99", "fox", "zzz"] {
        let found = block_on(alice.client.suggest(typed, &[]));
        assert_eq!(found.len(), if typed == "zzz" { 0 } else { 8 }, "{typed}");
    }
    // Unoptimised, and with whatever else this machine does.
    assert!(start.elapsed().as_millis() < 5_000, "{:?}", start.elapsed());
}

#[test]
fn cards_come_in_and_go_out() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let known = save(&alice, None, &person("Bob", "bob@localhost"));
    let file = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Robert\r\nEMAIL:BOB@localhost\r\nTEL:+1 5\r\nCATEGORIES:Choir,* myContacts\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nFN:Carol\r\nUID:urn:uuid:C1\r\nEMAIL:carol@example.org\r\nEMAIL:not an address\r\nPHOTO:x\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nEMAIL:carol@example.org\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nNOTE:nobody\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nKIND:group\r\nFN:Team\r\nMEMBER:urn:uuid:c1\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nFN:Unended\r\n";
    let outcome = block_on(alice.client.import_contacts(file.as_bytes())).unwrap();
    assert_eq!((outcome.added.len(), outcome.completed), (1, 1));
    assert_eq!((outcome.bad_addresses, outcome.pictures), (1, 1));
    let skipped: Vec<(u32, &str, SkipReason)> = outcome
        .skipped
        .iter()
        .map(|it| (it.line, it.name.as_str(), it.reason))
        .collect();
    assert_eq!(
        skipped,
        [
            (15, "", SkipReason::AlreadyThere),
            (18, "", SkipReason::Empty),
            (26, "Unended", SkipReason::Broken),
        ]
    );
    let book = alice.client.address_book();
    let bob = book.contacts.iter().find(|it| it.id == known.id).unwrap();
    assert_eq!(
        (bob.name.as_str(), bob.phones.as_slice()),
        ("Bob", &["+1 5".to_owned()][..])
    );
    let groups: Vec<(&str, usize)> = book
        .groups
        .iter()
        .map(|it| (it.name.as_str(), it.members.len()))
        .collect();
    assert_eq!(groups, [("Choir", 1), ("Team", 1)]);

    // Again: all of it is there.
    let again = block_on(alice.client.import_contacts(file.as_bytes())).unwrap();
    assert_eq!((again.added.len(), again.completed), (0, 0));
    // What goes out makes the same book elsewhere.
    let out = alice.client.export_contacts(None);
    let bob = Party::sign_up(&world, BOB);
    block_on(bob.client.import_contacts(out.as_bytes())).unwrap();
    assert_eq!(names(&bob), names(&alice));
    assert_eq!(bob.client.address_book().groups.len(), 2);
    let one = alice.client.export_contacts(Some(&outcome.added));
    assert_eq!(one.matches("BEGIN:VCARD").count(), 1);

    for (file, code) in [
        (&b"From: a@b\r\n\r\nno cards"[..], "no-cards"),
        (b"", "no-cards"),
    ] {
        assert_eq!(
            block_on(alice.client.import_contacts(file))
                .unwrap_err()
                .code(),
            code
        );
    }
    let large = vec![b' '; 33 * 1024 * 1024];
    assert_eq!(
        block_on(alice.client.import_contacts(&large))
            .unwrap_err()
            .code(),
        "file-too-large"
    );
}

fn shown(pieces: &[Piece]) -> String {
    let piece = |it: &Piece| {
        if it.hit {
            format!("[{}]", it.text)
        } else {
            it.text.clone()
        }
    };
    pieces.iter().map(piece).collect()
}

fn suggested(party: &Party, typed: &str) -> Vec<Suggestion> {
    block_on(party.client.suggest(typed, &[]))
}

#[test]
fn recipients_are_completed_from_contacts_groups_and_mail() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let bob = Party::sign_up(&world, BOB);
    alice.send(draft(&["bob"], "one", "t")).unwrap();
    bob.send(draft(&["alice"], "two", "t")).unwrap();
    let row = alice.rows(FolderRole::Inbox).remove(0);
    alice.read(&row);

    // Not in the address book, and known from mail.
    let [found] = <[Suggestion; 1]>::try_from(suggested(&alice, "BO")).unwrap();
    assert_eq!(found.kind, SuggestionKind::Correspondent);
    assert_eq!(
        (shown(&found.name), shown(&found.address)),
        (String::new(), "[bob]@localhost".to_owned())
    );

    let robert = save(&alice, None, &person("Róbert Brown", "bob@localhost"));
    let rob = save(&alice, None, &person("Brown, Anna", "anna@example.org"));
    let members = vec![robert.id, rob.id];
    let change = GroupChange {
        name: Some("Browns".to_owned()),
        add: members,
        ..GroupChange::default()
    };
    block_on(alice.client.save_group(change)).unwrap();
    let found = suggested(&alice, "brow");
    let kinds: Vec<(SuggestionKind, String)> =
        found.iter().map(|it| (it.kind, shown(&it.name))).collect();
    assert_eq!(
        kinds,
        [
            (SuggestionKind::Contact, "[Brown], Anna".to_owned()),
            (SuggestionKind::Group, "[Browns]".to_owned()),
            // Mail was exchanged with him, but his name only goes on so.
            (SuggestionKind::Contact, "Róbert [Brown]".to_owned()),
        ]
    );
    assert_eq!(found[1].addresses, ["bob@localhost", "anna@example.org"]);
    assert_eq!(shown(&suggested(&alice, "rob")[0].name), "[Róbert] Brown");
    // Whoever is there already is not suggested, nor is a group of nobody else.
    let taken = ["Bob@localhost".to_owned(), "anna@example.org".to_owned()];
    assert_eq!(block_on(alice.client.suggest("brow", &taken)), []);
    assert_eq!(suggested(&alice, " ,"), []);
    assert_eq!(suggested(&alice, "alice"), []);
}

#[test]
fn whoever_is_in_spam_is_not_suggested() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let bob = Party::sign_up(&world, BOB);
    bob.send(draft(&["alice"], "buy", "t")).unwrap();
    let row = alice.rows(FolderRole::Inbox).remove(0);
    assert_eq!(suggested(&alice, "bob").len(), 1);
    block_on(alice.client.organise(&[row.id], &Operation::Spam, None)).unwrap();
    assert_eq!(suggested(&alice, "bob"), []);
}

#[test]
fn nobody_compares_a_key_of_their_own() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.send(draft(&["alice"], "to myself", "t")).unwrap();
    let row = alice.rows(FolderRole::Inbox).remove(0);
    let security = alice.read(&row).security;
    assert_eq!(security.signature, SignatureState::Verified);
    assert!(!security.sender_verified);
}

#[test]
fn a_compared_key_is_remembered_and_its_change_is_told() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let bob = Party::sign_up(&world, BOB);
    let key = block_on(alice.client.contact_key("bob")).unwrap();
    assert_eq!(
        (key.state, key.first_seen_ms, key.verified_ms),
        (RecipientState::Ready, None, None)
    );
    assert_eq!(key.signs_with.as_deref(), Some("Ed25519"));
    assert_eq!(key.encrypts_with.as_deref(), Some("ML-KEM-768 with X25519"));
    let theirs = block_on(bob.client.contact_key("alice@localhost")).unwrap();
    assert_eq!(key.safety_number, theirs.safety_number);
    let number = key.safety_number.unwrap();
    assert_eq!((number.len(), number.split(' ').count()), (71, 12));
    let fingerprint = key.fingerprint.unwrap();
    assert_eq!(
        alice
            .client
            .safety_number("bob@localhost", &fingerprint)
            .unwrap(),
        number
    );

    block_on(
        alice
            .client
            .mark_verified("bob@localhost", &fingerprint, true),
    )
    .unwrap();
    let key = block_on(alice.client.contact_key("bob")).unwrap();
    assert!(key.verified_ms.is_some() && key.first_seen_ms.is_some());
    assert!(block_on(alice.client.look_up(&["bob".to_owned()])).unwrap()[0].verified);
    assert_eq!(alice.client.address_book().verified, ["bob@localhost"]);
    bob.send(draft(&["alice"], "two", "t")).unwrap();
    let row = alice.rows(FolderRole::Inbox).remove(0);
    assert!(alice.read(&row).security.sender_verified);

    // Bob's key is another now.
    let elsewhere = World::new();
    Party::sign_up(&elsewhere, ("bob", "the password of mallory"));
    let foreign = elsewhere.borrow_mut().data("bob").certificate.clone();
    world.borrow_mut().data("bob").certificate = foreign;
    let status = block_on(alice.client.look_up(&["bob".to_owned()]))
        .unwrap()
        .remove(0);
    assert_eq!(
        (status.state, status.verified),
        (RecipientState::ChangedKey, true)
    );
    let view = alice.read(&row).security;
    assert!(!view.sender_verified);
    let change = view.key_change.unwrap();
    assert!(change.was_verified);
    assert_eq!(change.pinned_fingerprint, fingerprint);
    let key = block_on(alice.client.contact_key("bob")).unwrap();
    assert_eq!(key.state, RecipientState::ChangedKey);
    assert_ne!(key.safety_number.unwrap(), number);

    // Accepted without comparing: it is not verified, and the one before is remembered as such.
    block_on(
        alice
            .client
            .accept_changed_key("bob@localhost", &change.fingerprint),
    )
    .unwrap();
    let key = block_on(alice.client.contact_key("bob")).unwrap();
    assert_eq!((key.state, key.verified_ms), (RecipientState::Ready, None));
    assert_eq!(key.former.len(), 1);
    assert!(key.former[0].was_verified);
    assert_eq!(key.former[0].fingerprint, fingerprint);
    // Another session knows all of it.
    let other = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(
        block_on(other.client.contact_key("bob")).unwrap().former,
        key.former
    );

    block_on(
        alice
            .client
            .mark_verified("bob@localhost", &change.fingerprint, true),
    )
    .unwrap();
    block_on(
        alice
            .client
            .mark_verified("bob@localhost", &change.fingerprint, false),
    )
    .unwrap();
    assert_eq!(alice.client.address_book().verified, Vec::<String>::new());
    for (address, fingerprint, code) in [
        ("bob@localhost", "no fingerprint", "fingerprint-malformed"),
        ("x@example.org", change.fingerprint.as_str(), "no-key"),
    ] {
        let error = block_on(alice.client.mark_verified(address, fingerprint, true)).unwrap_err();
        assert_eq!(error.code(), code);
    }
}
