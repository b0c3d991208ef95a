//! The second factor of an account: the secret of an authenticator app, and the hashes of recovery codes. Both are
//! kept as they are: a key to seal them under would lie beside them. Passkeys are in `passkeys`.

use super::changes::ChangedThing;
use super::records::{AccountRecord, FactorRecord, TotpRecord};
use super::transaction::Transaction;
use super::{Passkey, Store, StoreError, layout};
use smail_protocol::AccountId;

/// What is kept of a recovery code.
pub type RecoveryCodeHash = [u8; 32];

/// The second factor of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The authenticator app.
    pub totp: Option<Totp>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// How many recovery codes were not used yet.
    pub recovery_codes_left: usize,
}

/// An authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    /// What it shares with the server. Secret.
    pub secret: Vec<u8>,
    /// When it was set up, in milliseconds since 1970.
    pub since_ms: u64,
    /// The newest step whose code was taken: none up to it is taken again.
    pub used_step: u64,
}

impl SecondFactor {
    /// Whether it is asked for at a login. Recovery codes alone stand in for nothing.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }
}

/// Redacted: holds a secret.
impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor(..)")
    }
}

/// Redacted: holds a secret.
impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Totp(..)")
    }
}

/// Why a second factor was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeFactorError {
    /// No such account.
    #[error("no such account")]
    NoAccount,
    /// No such factor: there is nothing to remove, or to make recovery codes for.
    #[error("no such factor")]
    NoFactor,
    /// There are as many passkeys as there may be.
    #[error("too many passkeys")]
    TooManyPasskeys,
    /// The account has this passkey already.
    #[error("this passkey is there already")]
    PasskeyThere,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A second factor that is being changed.
pub(super) struct FactorChange<'a, 'store> {
    pub(super) transaction: &'a mut Transaction<'store>,
    pub(super) record: FactorRecord,
    /// How many passkeys there are. Whoever adds or removes one writes the account's record, which was read.
    pub(super) passkeys: usize,
}

impl FactorChange<'_, '_> {
    /// Whether it is asked for at a login.
    const fn is_on(&self) -> bool {
        self.record.totp.is_some() || self.passkeys > 0
    }

    /// Takes the recovery codes, if there are none; gives whether they were.
    pub(super) fn take_codes(&mut self, recovery_codes: &[RecoveryCodeHash]) -> bool {
        let takes = self.record.recovery_codes.is_empty();
        if takes {
            self.record.recovery_codes = recovery_codes.to_vec();
        }
        takes
    }
}

impl Store {
    /// The account's second factor; `None` when it has none.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn second_factor(&self, account: AccountId) -> Result<Option<SecondFactor>, StoreError> {
        let record = self.read::<FactorRecord>(&layout::second_factor(account))?;
        let factor = match record {
            Some(record) => Some(second_factor(record, self.read_passkeys(account)?)),
            None => None,
        };
        self.settled(factor)
    }

    /// Sets an authenticator app up, in place of one that there was. `used_step` is the step of the code that proved it.
    /// The recovery codes are taken if there are none yet; gives whether they were. The account's other clients hear of
    /// it as a change, here and below.
    ///
    /// # Errors
    /// See [`ChangeFactorError`].
    pub fn set_totp(
        &self,
        account: AccountId,
        totp: &Totp,
        recovery_codes: &[RecoveryCodeHash],
    ) -> Result<bool, ChangeFactorError> {
        self.change_factor(account, |factor| {
            factor.record.totp = Some(TotpRecord {
                secret: totp.secret.clone(),
                since_ms: totp.since_ms,
                used_step: totp.used_step,
            });
            Ok(factor.take_codes(recovery_codes))
        })
    }

    /// Removes the authenticator app; the recovery codes go with the last factor.
    ///
    /// # Errors
    /// See [`ChangeFactorError`].
    pub fn remove_totp(&self, account: AccountId) -> Result<(), ChangeFactorError> {
        self.change_factor(account, |factor| match factor.record.totp.take() {
            Some(_) => Ok(()),
            None => Err(ChangeFactorError::NoFactor),
        })
    }

    /// Replaces the recovery codes, used ones and others.
    ///
    /// # Errors
    /// See [`ChangeFactorError`].
    pub fn set_recovery_codes(
        &self,
        account: AccountId,
        recovery_codes: &[RecoveryCodeHash],
    ) -> Result<(), ChangeFactorError> {
        self.change_factor(account, |factor| {
            if !factor.is_on() {
                return Err(ChangeFactorError::NoFactor);
            }
            factor.record.recovery_codes = recovery_codes.to_vec();
            Ok(())
        })
    }

    /// Takes the code of a step, once: not again, and none of an earlier step. Says whether it was taken.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn use_totp_step(&self, account: AccountId, step: u64) -> Result<bool, StoreError> {
        self.use_factor(account, |record| match &mut record.totp {
            Some(totp) if totp.used_step < step => {
                totp.used_step = step;
                true
            }
            _ => false,
        })
    }

    /// Uses a recovery code up. Says whether it was one.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn use_recovery_code(
        &self,
        account: AccountId,
        code: &RecoveryCodeHash,
    ) -> Result<bool, StoreError> {
        self.use_factor(account, |record| {
            let before = record.recovery_codes.len();
            record.recovery_codes.retain(|kept| kept != code);
            record.recovery_codes.len() < before
        })
    }

    fn use_factor(
        &self,
        account: AccountId,
        uses: impl Fn(&mut FactorRecord) -> bool,
    ) -> Result<bool, StoreError> {
        let key = layout::second_factor(account);
        self.transact(|transaction| {
            let Some(mut record) = transaction.get::<FactorRecord>(&key)? else {
                return Ok(false);
            };
            let is_used = uses(&mut record);
            if is_used {
                // Who cannot log in cannot make room on a full disk.
                transaction.use_reserve();
                transaction.put(key.clone(), &record)?;
            }
            Ok(is_used)
        })
    }

    pub(super) fn change_factor<T>(
        &self,
        account: AccountId,
        change: impl Fn(&mut FactorChange<'_, '_>) -> Result<T, ChangeFactorError>,
    ) -> Result<T, ChangeFactorError> {
        let key = layout::second_factor(account);
        self.transact(|transaction| {
            if !transaction.note_account_change(account)? {
                return Err(ChangeFactorError::NoAccount);
            }
            let record = transaction.get::<FactorRecord>(&key)?.unwrap_or_default();
            let passkeys = transaction.count(&layout::passkeys(account), usize::MAX)?;
            let mut factor = FactorChange {
                transaction,
                record,
                passkeys,
            };
            let outcome = change(&mut factor)?;
            let (is_on, record) = (factor.is_on(), factor.record);
            transaction.use_reserve();
            if is_on {
                transaction.put(key.clone(), &record)?;
            } else {
                transaction.delete(key.clone());
            }
            Ok(outcome)
        })
    }
}

impl Transaction<'_> {
    /// Has the account's clients hear that something about how it is logged in to has changed. False when there is no
    /// such account.
    fn note_account_change(&mut self, account: AccountId) -> Result<bool, StoreError> {
        let key = layout::account(account);
        let Some(mut record) = self.get::<AccountRecord>(&key)? else {
            return Ok(false);
        };
        record.change_seq =
            Some(self.log_change(account, ChangedThing::Account, record.change_seq)?);
        self.put(key, &record)?;
        Ok(true)
    }
}

fn second_factor(record: FactorRecord, passkeys: Vec<Passkey>) -> SecondFactor {
    SecondFactor {
        passkeys,
        recovery_codes_left: record.recovery_codes.len(),
        totp: record.totp.map(|totp| Totp {
            secret: totp.secret,
            since_ms: totp.since_ms,
            used_step: totp.used_step,
        }),
    }
}
