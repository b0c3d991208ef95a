//! Labels.

use crate::support::{ALICE, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::views::{FolderRole, LabelColour, Operation};

#[test]
fn labels_are_made_given_changed_and_deleted() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    let client = &alice.client;
    let urgent = block_on(client.make_label("Urgent", LabelColour::Red)).unwrap();
    let tax = block_on(client.make_label("Tax", LabelColour::Blue)).unwrap();
    let taken = block_on(client.make_label("URGENT", LabelColour::Grey)).unwrap_err();
    assert_eq!((taken.code(), taken.field()), ("name-taken", Some("name")));
    let hidden = block_on(client.make_label("a\u{202e}b", LabelColour::Grey)).unwrap_err();
    assert_eq!(hidden.code(), "name-hidden");

    alice.send(draft(&["alice"], "one", "t")).unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    for label in [&tax, &urgent] {
        let give = Operation::Label {
            label_id: label.id.clone(),
        };
        block_on(client.organise(std::slice::from_ref(&row.id), &give, None)).unwrap();
    }
    let labelled = only_row(client.labelled(&urgent.id));
    assert_eq!(labelled.labels, [tax.id.clone(), urgent.id.clone()]);

    block_on(client.change_label(&tax.id, "Taxes", LabelColour::Green)).unwrap();
    let outcome = block_on(other.client.sync()).unwrap();
    assert_eq!(outcome.labels, client.labels().unwrap());
    assert_eq!(outcome.labels[1].name, "Taxes");
    assert_eq!(only_row(other.client.labelled(&tax.id)).id, row.id);

    block_on(client.delete_label(&urgent.id)).unwrap();
    block_on(client.delete_label(&urgent.id)).unwrap();
    let gone = Operation::Label {
        label_id: urgent.id.clone(),
    };
    let error = block_on(client.organise(std::slice::from_ref(&row.id), &gone, None)).unwrap_err();
    assert_eq!(error.code(), "label-gone");
    // The next change of its labels leaves out those that are no more.
    let take = Operation::Unlabel { label_id: tax.id };
    let rows = block_on(client.organise(&[row.id], &take, None))
        .unwrap()
        .rows;
    assert_eq!(only_row(rows).labels, Vec::<String>::new());
}
