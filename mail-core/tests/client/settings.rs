//! Settings, in step between sessions.

use crate::support::{ALICE, BOB, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::views::{
    FolderRole, RemoteContent, RemoteContentRule, Settings, SettingsChange, Signature, Theme,
};

fn change() -> SettingsChange {
    SettingsChange::default()
}

fn signature(id: &str, name: &str) -> Signature {
    Signature {
        id: id.to_owned(),
        name: name.to_owned(),
        text: "Alice\nWonderland\n".to_owned(),
        html: None,
    }
}

#[test]
fn two_sessions_change_different_settings_and_both_hold() {
    let world = World::new();
    let first = Party::sign_up(&world, ALICE);
    let second = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(first.client.settings().unwrap(), Settings::default());
    let theme = SettingsChange {
        theme: Some(Theme::Dark),
        ..change()
    };
    block_on(first.client.change_settings(theme)).unwrap();
    // The second has not heard of it yet: the server refuses its version, and it tries again on the newer one.
    let delay = SettingsChange {
        undo_send_s: Some(30),
        ..change()
    };
    let merged = block_on(second.client.change_settings(delay)).unwrap();
    assert_eq!((merged.theme, merged.undo_send_s), (Theme::Dark, 30));

    assert_eq!(
        block_on(first.client.sync()).unwrap().settings,
        Some(merged.clone())
    );
    assert_eq!(block_on(first.client.sync()).unwrap().settings, None);
    assert_eq!(block_on(second.client.sync()).unwrap().settings, None);
    let third = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(third.client.settings().unwrap(), merged);
}

#[test]
fn a_value_that_cannot_be_chosen_changes_nothing() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let bad = SettingsChange {
        theme: Some(Theme::Dark),
        display_name: Some("bob@localhost".to_owned()),
        ..change()
    };
    let error = block_on(alice.client.change_settings(bad)).unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("display-name-holds-address", Some("displayName"))
    );
    assert_eq!(alice.client.settings().unwrap(), Settings::default());
}

#[test]
fn the_display_name_stands_in_from() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let named = SettingsChange {
        display_name: Some("Alice Liddell".to_owned()),
        ..change()
    };
    block_on(alice.client.change_settings(named)).unwrap();
    alice.send(draft(&["bob"], "s", "t")).unwrap();
    let sent = only_row(alice.rows(FolderRole::Sent));
    assert_eq!(sent.from.name, "Alice Liddell");
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(row.from.name, "Alice Liddell");
    assert_eq!(bob.read(&row).from.address, "alice@localhost");
}

#[test]
fn signatures_of_two_sessions_are_both_kept() {
    let world = World::new();
    let first = Party::sign_up(&world, ALICE);
    let second = Party::log_in(&world, ALICE).unwrap();
    let kept = block_on(first.client.keep_signature(signature("", "Work"))).unwrap();
    let work = kept.signatures[0].clone();
    assert_eq!(kept.default_signature, work.id);
    assert_eq!(work.text, "Alice\nWonderland");
    let kept = block_on(second.client.keep_signature(signature("", "Home"))).unwrap();
    assert_eq!(kept.signatures.len(), 2);
    assert_eq!(kept.default_signature, work.id, "the first one stays it");

    let renamed = signature(&work.id, "Office");
    block_on(second.client.keep_signature(renamed)).unwrap();
    block_on(first.client.sync()).unwrap();
    assert_eq!(
        first.client.settings().unwrap().signatures[0].name,
        "Office"
    );

    let left = block_on(first.client.remove_signature(&work.id)).unwrap();
    assert_eq!(left.signatures.len(), 1);
    assert_eq!(left.default_signature, "");
    block_on(first.client.remove_signature(&work.id)).unwrap();
    let gone = block_on(second.client.keep_signature(signature(&work.id, "W"))).unwrap_err();
    assert_eq!(gone.code(), "signature-gone");
    let nameless = block_on(first.client.keep_signature(signature("", " "))).unwrap_err();
    assert_eq!(
        (nameless.code(), nameless.field()),
        ("signature-name", Some("name"))
    );
}

#[test]
fn remote_content_follows_the_rule_and_the_senders_that_were_allowed() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "s", "t")).unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    let rule = |rule| {
        let change = SettingsChange {
            remote_content: Some(rule),
            ..change()
        };
        block_on(bob.client.change_settings(change)).unwrap();
        bob.read(&row).remote_content
    };
    assert_eq!(rule(RemoteContentRule::Always), RemoteContent::ShowAll);
    assert_eq!(rule(RemoteContentRule::Never), RemoteContent::Never);
    block_on(bob.client.show_remote_content("alice@localhost", true)).unwrap();
    assert_eq!(rule(RemoteContentRule::Never), RemoteContent::Show);
    assert_eq!(rule(RemoteContentRule::Ask), RemoteContent::Show);
}
