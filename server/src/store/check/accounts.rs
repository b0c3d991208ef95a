//! Accounts: their names, their credentials and their keys.

use super::{Check, Fault};
use crate::store::StoreError;
use crate::store::engine::{Batch, KeyRange};
use crate::store::layout::{self, PREFIXES};
use crate::store::records::{
    AccountRecord, CredentialRecord, FactorRecord, PasskeyRecord, Record as _,
};
use smail_protocol::{AccountId, CredentialKind, MailboxId, Username};
use std::collections::BTreeSet;

impl Check<'_> {
    /// Looks at all accounts, and gives those that are there.
    pub(super) fn accounts(&mut self) -> Result<BTreeSet<AccountId>, StoreError> {
        let mut accounts = BTreeSet::new();
        self.each(&KeyRange::prefix(b"a"), |check, entry| {
            let Some(account) = layout::account_of(&entry.key) else {
                return Ok(());
            };
            accounts.insert(account);
            check.report.accounts += 1;
            match check.decode::<AccountRecord>("account", &entry) {
                Some(record) => check.account(account, record),
                None => Ok(()),
            }
        })?;
        self.names(&accounts)?;
        let setup = self.bytes(&layout::server_setup())?;
        if !accounts.is_empty() && setup.is_none() {
            self.broken(&Fault::NoServerSetup);
        }
        for prefix in PREFIXES.iter().filter(|prefix| prefix.is_of_accounts) {
            for account in self.accounts_with(prefix.byte)? {
                if !accounts.contains(&account) {
                    self.broken(&Fault::DataOfNobody(account));
                }
            }
        }
        Ok(accounts)
    }

    fn account(&mut self, account: AccountId, record: AccountRecord) -> Result<(), StoreError> {
        let parts = [
            (layout::certificate(account), "certificate"),
            (layout::keyring(account), "keyring"),
            (
                layout::credential(account, CredentialKind::Password),
                "password",
            ),
        ];
        for (key, part) in parts {
            if self.bytes(&key)?.is_none() {
                self.broken(&Fault::MissingPart(account, part));
            }
        }
        let credentials = KeyRange::prefix(&[b"p", &account.as_bytes()[..]].concat());
        self.each(&credentials, |check, entry| {
            check.decode::<CredentialRecord>("credential", &entry);
            Ok(())
        })?;
        let factor = layout::of_account(b'f', account);
        self.each(&factor, |check, entry| {
            check.decode::<FactorRecord>("second factor", &entry);
            Ok(())
        })?;
        self.each(&layout::passkeys(account), |check, entry| {
            check.decode::<PasskeyRecord>("passkey", &entry);
            Ok(())
        })?;
        self.name_of(account, &record)?;
        self.needs_mailbox(account, MailboxId::from_bytes(record.inbox))
    }

    fn name_of(&mut self, account: AccountId, record: &AccountRecord) -> Result<(), StoreError> {
        let Ok(username) = record.username.parse::<Username>() else {
            self.broken(&Fault::MissingPart(account, "sound user name"));
            return Ok(());
        };
        let key = layout::username(&username);
        match self.bytes(&key)? {
            Some(id) if id == account.as_bytes() => Ok(()),
            Some(_) => {
                self.broken(&Fault::NameTaken(account));
                Ok(())
            }
            None => {
                let mut repair = Batch::default();
                repair.put(key, *account.as_bytes());
                self.repairable(&Fault::NameMissing(account), &repair)
            }
        }
    }

    /// There are as many mailboxes as the account says. For when those that were missing are there again.
    pub(super) fn mailbox_count(&mut self, account: AccountId) -> Result<(), StoreError> {
        let key = layout::account(account);
        let Some(mut record) = self.record::<AccountRecord>(&key)? else {
            return Ok(());
        };
        let found = self
            .store
            .engine()
            .count(&layout::mailboxes(account), usize::MAX)? as u64;
        let kept = u64::from(record.mailboxes);
        if found == kept {
            return Ok(());
        }
        record.mailboxes = u32::try_from(found).unwrap_or(u32::MAX);
        let mut repair = Batch::default();
        repair.put(key, record.encode()?);
        self.repairable(&Fault::MailboxCount(account, kept, found), &repair)
    }

    /// User names lead to accounts.
    fn names(&mut self, accounts: &BTreeSet<AccountId>) -> Result<(), StoreError> {
        self.each(&KeyRange::prefix(b"n"), |check, entry| {
            let Ok(id) = <[u8; 16]>::try_from(&entry.value[..]) else {
                let key = super::hex(b"n");
                check.broken(&Fault::Unreadable("account id of a user name", key));
                return Ok(());
            };
            // The name of an account that was deleted stays taken.
            if id == layout::NOBODY {
                return Ok(());
            }
            let account = AccountId::from_bytes(id);
            let fault = if accounts.contains(&account) {
                let record = check.record::<AccountRecord>(&layout::account(account))?;
                let name = entry.key.get(1..).unwrap_or_default();
                if record.is_none_or(|record| record.username.as_bytes() == name) {
                    return Ok(());
                }
                Fault::StrayName(account)
            } else {
                Fault::NameOfNobody(account)
            };
            let mut repair = Batch::default();
            repair.delete(entry.key);
            check.repairable(&fault, &repair)
        })
    }
}
