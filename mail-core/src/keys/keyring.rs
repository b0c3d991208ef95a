//! What an account's keyring holds: its own keys first, then keys that were brought along to read what was encrypted to them.

use crate::account::OpenAccountError;
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limits, OpenedMessage, ParseSecretKeyError, TransferableSecretKey,
    decrypt,
};
use zeroize::Zeroizing;

/// The secret keys of an account. Secret.
pub(crate) struct Keyring {
    own: TransferableSecretKey,
    brought: Vec<TransferableSecretKey>,
}

impl Keyring {
    /// Reads the octets that the envelope held.
    pub(crate) fn from_bytes(octets: &[u8]) -> Result<Self, OpenAccountError> {
        let keys = TransferableSecretKey::all_from_bytes(octets);
        let mut keys = keys.map_err(|_| OpenAccountError::SecretKey)?.into_iter();
        let own = keys.next().ok_or(OpenAccountError::SecretKey)?;
        Ok(Self {
            own,
            brought: keys.collect(),
        })
    }

    /// The account's own keys: what it signs with, and what others encrypt to.
    pub(crate) const fn own(&self) -> &TransferableSecretKey {
        &self.own
    }

    /// The public half of the account's own keys.
    pub(crate) fn certificate(&self) -> &Certificate {
        self.own.certificate()
    }

    /// The keys that were brought along.
    pub(crate) fn brought(&self) -> &[TransferableSecretKey] {
        &self.brought
    }

    /// Decrypts with whichever key fits, the account's own first.
    pub(crate) fn decrypt(
        &self,
        ciphertext: &[u8],
        limits: &Limits,
    ) -> Result<OpenedMessage, DecryptError> {
        let mut outcome = decrypt(ciphertext, &self.own, limits);
        for key in &self.brought {
            if !matches!(outcome, Err(DecryptError::NoMatchingKey)) {
                break;
            }
            outcome = decrypt(ciphertext, key, limits);
        }
        outcome
    }
}

/// Keys in the form that the envelope holds: one after another, the account's own first. Secret.
pub(super) fn to_bytes<'a>(
    keys: impl Iterator<Item = &'a TransferableSecretKey>,
) -> Result<Zeroizing<Vec<u8>>, ParseSecretKeyError> {
    let each = keys
        .map(TransferableSecretKey::to_bytes)
        .collect::<Result<Vec<_>, _>>()?;
    let len_bytes = each.iter().map(|octets| octets.len()).sum();
    // Reserved at once: nothing secret stays behind in a smaller buffer.
    let mut all = Zeroizing::new(Vec::with_capacity(len_bytes));
    each.iter().for_each(|octets| all.extend_from_slice(octets));
    Ok(all)
}
