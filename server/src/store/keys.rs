//! The keys of an account, replaced: certificate and keyring together, or neither.

use super::credentials::note_account_change;
use super::{Store, StoreError, layout};
use sha2::{Digest as _, Sha256};
use smail_protocol::{AccountId, Bytes};

/// Why keys were not replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplaceKeysError {
    /// No such account.
    #[error("no such account")]
    NoAccount,
    /// The keyring was replaced by another session meanwhile.
    #[error("the keyring is another one by now")]
    Conflict,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Replaces certificate and keyring in one step, if the keyring is still the one with this digest. The same again is
    /// success. The account's other clients hear of it as a change.
    ///
    /// # Errors
    /// See [`ReplaceKeysError`]; nothing was replaced.
    pub fn replace_keys(
        &self,
        account: AccountId,
        replaces: [u8; 32],
        certificate: &Bytes,
        sealed_keyring: &Bytes,
    ) -> Result<(), ReplaceKeysError> {
        self.transact(|transaction| {
            let key = layout::keyring(account);
            let current = transaction
                .get_bytes(&key)?
                .ok_or(ReplaceKeysError::NoAccount)?;
            let certificate_key = layout::certificate(account);
            if current == sealed_keyring.as_slice() {
                return Ok(());
            }
            if <[u8; 32]>::from(Sha256::digest(&current)) != replaces {
                return Err(ReplaceKeysError::Conflict);
            }
            note_account_change(transaction, account)?.ok_or(ReplaceKeysError::NoAccount)?;
            transaction.use_reserve();
            transaction.put_bytes(key, sealed_keyring.as_slice().to_vec());
            transaction.put_bytes(certificate_key, certificate.as_slice().to_vec());
            Ok(())
        })
    }
}
