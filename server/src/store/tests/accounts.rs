//! Accounts, credentials, the key directory, mailboxes.

use super::fixture::{Person, bytes, credential, on_every_store};
use crate::store::{CreateAccountError, DeleteMailboxError, PutMailboxError, SetCredentialError};
use smail_protocol::limits::MAX_MAILBOXES;
use smail_protocol::{ChangedObject, CredentialKind, MailboxId};

#[test]
fn an_account_is_found_by_name_and_by_id() {
    on_every_store(|store, alice, _| {
        assert_eq!(
            store.account_by_name(&alice.username),
            Ok(Some(alice.account))
        );
        let account = store.account(alice.account).unwrap().unwrap();
        assert_eq!(account.username, alice.username);
        assert_eq!(account.inbox, alice.inbox);
        assert_eq!(account.certificate, bytes("certificate of alice"));
        assert_eq!(account.sealed_keyring, bytes("keyring"));
        assert!(!account.has_recovery);
        assert_eq!(account.seq, 0);
    });
}

#[test]
fn who_is_not_here_is_none() {
    on_every_store(|store, _, _| {
        let mallory = Person::new("mallory", 9);
        assert_eq!(store.account_by_name(&mallory.username), Ok(None));
        assert_eq!(store.account(mallory.account), Ok(None));
        assert_eq!(
            store.credential(mallory.account, CredentialKind::Password),
            Ok(None)
        );
    });
}

#[test]
fn a_name_or_an_id_is_given_once() {
    on_every_store(|store, alice, _| {
        let mut second = Person::new("alice", 3).new_account();
        assert_eq!(
            store.create_account(&second),
            Err(CreateAccountError::UsernameTaken)
        );
        second.username = "carol".parse().unwrap();
        second.account_id = alice.account;
        assert_eq!(
            store.create_account(&second),
            Err(CreateAccountError::AccountExists)
        );
        assert_eq!(store.account_by_name(&second.username), Ok(None));
    });
}

#[test]
fn an_inbox_outside_the_mailboxes_is_refused() {
    on_every_store(|store, _, _| {
        let mut carol = Person::new("carol", 3).new_account();
        carol.inbox = MailboxId::from_bytes([9; 16]);
        assert_eq!(
            store.create_account(&carol),
            Err(CreateAccountError::InboxMissing)
        );
    });
}

#[test]
fn a_look_up_tells_who_is_here_and_who_is_not() {
    on_every_store(|store, alice, bob| {
        let mallory = Person::new("mallory", 9);
        let names = [&bob.username, &mallory.username, &alice.username].map(Clone::clone);
        let response = store.certificates(&names).unwrap();
        let found: Vec<_> = response.found.iter().map(|entry| &entry.username).collect();
        assert_eq!(found, [&bob.username, &alice.username]);
        assert_eq!(response.found[0].certificate, bytes("certificate of bob"));
        assert_eq!(response.unknown, [mallory.username]);
    });
}

#[test]
fn a_replaced_credential_has_a_new_version_and_is_a_change() {
    on_every_store(|store, alice, _| {
        let old = store
            .credential(alice.account, CredentialKind::Password)
            .unwrap()
            .unwrap();
        store
            .set_credential(
                alice.account,
                CredentialKind::Password,
                &credential("new"),
                None,
            )
            .unwrap();
        let new = store
            .credential(alice.account, CredentialKind::Password)
            .unwrap()
            .unwrap();
        assert_eq!(new.credential, credential("new"));
        assert!(new.version > old.version);
        let changes = store.changes(alice.account, 0, 9).unwrap().changes;
        assert_eq!(
            changes
                .into_iter()
                .map(|change| change.object)
                .collect::<Vec<_>>(),
            [ChangedObject::Account]
        );
    });
}

#[test]
fn a_recovery_credential_comes_and_goes_and_never_has_an_old_version() {
    on_every_store(|store, alice, _| {
        assert_eq!(store.remove_recovery_credential(alice.account), Ok(false));
        store
            .set_credential(
                alice.account,
                CredentialKind::Recovery,
                &credential("one"),
                None,
            )
            .unwrap();
        assert!(store.account(alice.account).unwrap().unwrap().has_recovery);
        let first = store
            .credential(alice.account, CredentialKind::Recovery)
            .unwrap()
            .unwrap()
            .version;
        assert_eq!(store.remove_recovery_credential(alice.account), Ok(true));
        assert_eq!(
            store.credential(alice.account, CredentialKind::Recovery),
            Ok(None)
        );
        store
            .set_credential(
                alice.account,
                CredentialKind::Recovery,
                &credential("two"),
                None,
            )
            .unwrap();
        assert!(
            store
                .credential(alice.account, CredentialKind::Recovery)
                .unwrap()
                .unwrap()
                .version
                > first
        );
    });
}

#[test]
fn nobody_has_no_credential_to_set() {
    on_every_store(|store, _, _| {
        let nobody = Person::new("mallory", 9).account;
        let outcome =
            store.set_credential(nobody, CredentialKind::Password, &credential("x"), None);
        assert_eq!(outcome, Err(SetCredentialError::NoAccount));
    });
}

#[test]
fn mailboxes_come_and_go() {
    on_every_store(|store, alice, bob| {
        let mailbox = MailboxId::from_bytes([9; 16]);
        store.put_mailbox(alice.account, mailbox).unwrap();
        store.put_mailbox(alice.account, mailbox).unwrap();
        assert_eq!(
            store.delete_mailbox(bob.account, mailbox),
            Err(DeleteMailboxError::NotFound)
        );
        assert_eq!(store.delete_mailbox(alice.account, mailbox), Ok(()));
        assert_eq!(
            store.delete_mailbox(alice.account, mailbox),
            Err(DeleteMailboxError::NotFound)
        );
    });
}

#[test]
fn the_inbox_and_what_is_not_empty_stay() {
    on_every_store(|store, alice, bob| {
        assert_eq!(
            store.delete_mailbox(alice.account, alice.inbox),
            Err(DeleteMailboxError::InUse)
        );
        alice.send(store, 1, b"letter", &[bob]);
        assert_eq!(
            store.delete_mailbox(alice.account, alice.sent),
            Err(DeleteMailboxError::InUse)
        );
    });
}

#[test]
fn mailboxes_are_counted_up_to_the_limit() {
    let store = crate::store::Store::in_memory();
    let alice = Person::sign_up(&store, "alice", 1);
    let mailbox = |n: usize| MailboxId::from_bytes((n as u128 + 1_000).to_be_bytes());
    (2..MAX_MAILBOXES).for_each(|n| store.put_mailbox(alice.account, mailbox(n)).unwrap());
    assert_eq!(
        store.put_mailbox(alice.account, mailbox(0)),
        Err(PutMailboxError::TooMany)
    );
    store.delete_mailbox(alice.account, mailbox(2)).unwrap();
    assert_eq!(store.put_mailbox(alice.account, mailbox(0)), Ok(()));
}
