//! Folders that a person makes.

use crate::support::{ALICE, Fault, Harm, Party, World, draft};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{Contents, Folder, FolderRole, LabelColour};

/// The person's folders, each with its parent's name.
fn shape(party: &Party) -> Vec<String> {
    let folders = block_on(party.client.folders()).unwrap();
    let name = |id: &str| {
        let folder = folders.iter().find(|folder| folder.id == id).unwrap();
        folder.name.clone().unwrap()
    };
    let own = folders
        .iter()
        .filter(|folder| folder.role == FolderRole::Custom);
    own.map(|folder| match &folder.parent {
        Some(parent) => format!("{}/{}", name(parent), folder.name.clone().unwrap()),
        None => folder.name.clone().unwrap(),
    })
    .collect()
}

fn make(party: &Party, name: &str, parent: Option<&str>) -> Folder {
    block_on(party.client.make_folder(name, parent)).unwrap()
}

/// Puts so many messages into a folder.
fn fill(party: &Party, folder_id: &str, count: usize) {
    for _ in 0..count {
        party.send(draft(&["alice"], "s", "t")).unwrap();
    }
    for row in party.rows(FolderRole::Inbox) {
        block_on(party.client.move_to(&row.id, folder_id)).unwrap();
    }
}

#[test]
fn folders_are_made_renamed_nested_and_ordered_in_every_session() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    let work = make(&alice, "  Work ", None);
    let alpha = make(&alice, "Alpha", Some(&work.id));
    let beta = make(&alice, "Beta", Some(&work.id));
    let home = make(&alice, "Home", None);
    assert_eq!((work.role, work.total), (FolderRole::Custom, 0));
    assert_eq!(shape(&alice), ["Work", "Work/Alpha", "Work/Beta", "Home"]);

    block_on(alice.client.rename_folder(&home.id, "House")).unwrap();
    let client = &alice.client;
    block_on(client.move_folder(&beta.id, Some(&work.id), Some(&alpha.id))).unwrap();
    block_on(client.move_folder(&home.id, None, Some(&work.id))).unwrap();
    let outcome = block_on(other.client.sync()).unwrap();
    assert_eq!(outcome.folders.len(), 8 + 4);
    let expected = ["House", "Work", "Work/Beta", "Work/Alpha"];
    assert_eq!(
        (shape(&alice), shape(&other)),
        (expected.map(str::to_owned).to_vec(), shape(&alice))
    );

    // A name is nowhere in what the server has.
    let states = world.borrow_mut().data("alice").states.clone();
    for state in states.values() {
        let sealed = String::from_utf8_lossy(state.sealed.as_slice()).into_owned();
        assert!(!sealed.contains("House") && !sealed.contains("Alpha"));
    }
}

#[test]
fn two_sessions_make_a_folder_of_one_name_and_the_second_is_told() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    make(&alice, "First", None);
    let other = Party::log_in(&world, ALICE).unwrap();
    make(&alice, "Travel", None);
    let mailboxes = world.borrow_mut().data("alice").mailboxes.len();
    // It does not know of the first one yet, and hears of it when it writes.
    let error = block_on(other.client.make_folder("travel", None)).unwrap_err();
    assert_eq!((error.code(), error.field()), ("name-taken", Some("name")));
    // The mailbox made for it is gone again.
    assert_eq!(world.borrow_mut().data("alice").mailboxes.len(), mailboxes);
    make(&other, "Travel 2", None);
    assert_eq!(shape(&other), ["First", "Travel", "Travel 2"]);
}

#[test]
fn what_cannot_be_is_refused_and_said() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let work = make(&alice, "Work", None);
    let refused = |name: &str, parent: Option<&str>| {
        let error = block_on(alice.client.make_folder(name, parent)).unwrap_err();
        assert!(error.to_string().ends_with('.'), "{error}");
        error.code()
    };
    assert_eq!(refused(" ", None), "name-empty");
    assert_eq!(refused(&"x".repeat(61), None), "name-too-long");
    assert_eq!(refused("gnp\u{202e}.exe", None), "name-hidden");
    assert_eq!(refused("Trash", None), "name-taken");
    assert_eq!(refused("WORK", None), "name-taken");
    assert_eq!(refused("x", Some(&"0".repeat(32))), "not-found");
    assert_eq!(refused("x", Some("no id")), "malformed-id");

    let inbox = alice.folder(FolderRole::Inbox);
    let client = &alice.client;
    let built_in = block_on(client.rename_folder(&inbox, "Mine")).unwrap_err();
    assert_eq!(built_in.code(), "built-in");
    let deep = (1..8).fold(work.id.clone(), |parent, level| {
        make(&alice, &level.to_string(), Some(&parent)).id
    });
    assert_eq!(refused("x", Some(&deep)), "too-deep");
    let itself = block_on(client.move_folder(&work.id, Some(&deep), None)).unwrap_err();
    assert_eq!(itself.code(), "into-itself");
}

#[test]
fn a_folder_is_emptied_in_steps_and_deleted_with_those_inside() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let work = make(&alice, "Work", None);
    let alpha = make(&alice, "Alpha", Some(&work.id));
    fill(&alice, &work.id, 2);
    fill(&alice, &alpha.id, 3);
    let client = &alice.client;
    let full = block_on(client.delete_folder(&work.id)).unwrap_err();
    assert_eq!(full.code(), "not-empty");
    let itself = Contents::Folder {
        folder_id: alpha.id.clone(),
    };
    let error = block_on(client.empty_folder(&work.id, &itself, None)).unwrap_err();
    assert_eq!(error.code(), "into-itself");

    let first = block_on(client.empty_folder(&work.id, &Contents::Trash, None)).unwrap();
    assert_eq!((first.rows.len(), first.left), (2, 3));
    let second = block_on(client.empty_folder(&work.id, &Contents::Trash, None)).unwrap();
    assert_eq!((second.rows.len(), second.left), (3, 0));
    // An answer that is lost is no obstacle to the next try.
    alice.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/state/",
        harm: Harm::Status(400, None),
        times: 1,
    });
    block_on(client.delete_folder(&work.id)).unwrap_err();
    block_on(client.delete_folder(&work.id)).unwrap();
    assert_eq!(shape(&alice), Vec::<String>::new());
    assert_eq!(world.borrow_mut().data("alice").mailboxes.len(), 8);

    // What came from it goes to the inbox: where it was is gone.
    let trash = alice.rows(FolderRole::Trash);
    let restore = smail_mail_core::views::Operation::Restore;
    let restored = block_on(client.organise(&[trash[0].id.clone()], &restore, None)).unwrap();
    assert_eq!(restored.rows[0].folder_id, alice.folder(FolderRole::Inbox));

    let gone =
        block_on(client.empty_folder(&alice.folder(FolderRole::Trash), &Contents::Gone, None));
    let gone = gone.unwrap();
    assert_eq!((gone.removed.len(), gone.left), (4, 0));
    assert!(alice.rows(FolderRole::Trash).is_empty());
}

#[test]
fn a_deleted_folder_comes_back_with_all_that_was_in_it() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let work = make(&alice, "Work", None);
    let alpha = make(&alice, "Alpha", Some(&work.id));
    make(&alice, "Home", None);
    fill(&alice, &work.id, 2);
    fill(&alice, &alpha.id, 3);
    let (client, before) = (&alice.client, shape(&alice));
    let first = block_on(client.empty_folder(&work.id, &Contents::Trash, None)).unwrap();
    let second = block_on(client.empty_folder(&work.id, &Contents::Trash, first.undo)).unwrap();
    assert_eq!((second.undo, second.left), (first.undo, 0));
    block_on(client.delete_folder(&work.id)).unwrap();
    assert_eq!(shape(&alice), ["Home"]);

    // Its name is taken meanwhile: nothing is made.
    let other = make(&alice, "work", None);
    let taken = block_on(client.restore_folder(&work.id)).unwrap_err();
    assert_eq!(taken.code(), "name-taken");
    assert_eq!(world.borrow_mut().data("alice").mailboxes.len(), 10);
    block_on(client.delete_folder(&other.id)).unwrap();

    block_on(client.restore_folder(&work.id)).unwrap();
    assert_eq!(shape(&alice), before);
    let undone = block_on(client.undo(first.undo.unwrap())).unwrap();
    assert_eq!((undone.rows.len(), undone.undo), (5, None));
    let count = |id: &str| block_on(client.list(id, None, None)).unwrap().rows.len();
    assert_eq!((count(&work.id), count(&alpha.id)), (2, 3));
    assert!(alice.rows(FolderRole::Trash).is_empty());
    let unknown = block_on(client.restore_folder(&work.id)).unwrap_err();
    assert_eq!(unknown.code(), "not-found");
}

#[test]
fn a_deleted_label_comes_back_to_its_place() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let client = &alice.client;
    let label = |name: &str| block_on(client.make_label(name, LabelColour::Red)).unwrap();
    let (one, two) = (label("One"), label("Two"));
    let names = || -> Vec<String> {
        let labels = client.labels().unwrap();
        labels.into_iter().map(|label| label.name).collect()
    };
    block_on(client.delete_label(&one.id)).unwrap();
    block_on(client.restore_label(&one, 0)).unwrap();
    block_on(client.restore_label(&one, 0)).unwrap();
    assert_eq!(names(), ["One", "Two"]);
    block_on(client.delete_label(&two.id)).unwrap();
    block_on(client.restore_label(&two, 7)).unwrap();
    assert_eq!(names(), ["One", "Two"]);
    block_on(client.delete_label(&one.id)).unwrap();
    label("ONE");
    let taken = block_on(client.restore_label(&one, 0)).unwrap_err();
    assert_eq!(taken.code(), "name-taken");
    assert_eq!(names(), ["Two", "ONE"]);
}

#[test]
fn an_account_from_before_there_was_spam_gets_the_folders_it_lacks() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let roles = block_on(alice.client.folders()).unwrap();
    assert_eq!(roles.len(), 8);
    assert!(roles.iter().all(|folder| folder.name.is_none()));
    let ids = block_on(alice.client.item_ids(&alice.folder(FolderRole::Spam))).unwrap();
    assert!(ids.is_empty());
}

#[test]
fn all_folders_are_counted_with_one_request() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let folder = make(&alice, "Garden", None);
    fill(&alice, &folder.id, 2);
    let device = Party::log_in(&world, ALICE).unwrap();
    let folders = block_on(device.client.folders()).unwrap();
    let total = |role| {
        let mut folders = folders.iter();
        folders.find(|it| it.role == role).map(|it| it.total)
    };
    assert_eq!(total(FolderRole::Custom), Some(2));
    assert_eq!(total(FolderRole::Sent), Some(2));
    assert_eq!(total(FolderRole::Inbox), Some(0));
    block_on(device.client.folders()).unwrap();
    assert_eq!(device.wire.asked("/mailboxes"), 1);
}
