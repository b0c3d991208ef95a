//! Which of a message's session keys a container is for: only its first call tells.

use super::cipher::ContainerCipher;
use crate::openpgp::decrypt::{DecryptError, MAX_CONTAINER_TRIALS};
use crate::openpgp::limits::{Limit, LimitExceeded, Limits};
use crate::openpgp::secret_key::TransferableSecretKey;
use crate::openpgp::session_key;
use pgp::composed::{Esk, PlainSessionKey};
use pgp::packet::SymEncryptedProtectedDataConfig;

/// How many of a message's session keys were looked at.
#[derive(Default)]
pub(super) struct Trials(usize);

impl Trials {
    /// The next cipher that may be the right one; `None` when there is no other.
    ///
    /// # Errors
    /// [`DecryptError::LimitExceeded`] when too many were looked at.
    pub(super) fn next(
        &mut self,
        session_keys: &[Esk],
        keys: &TransferableSecretKey,
        limits: &Limits,
        config: &SymEncryptedProtectedDataConfig,
    ) -> Result<Option<ContainerCipher>, DecryptError> {
        let found = session_key::by_secret_key(session_keys, keys, limits)?;
        // The keys before this one were tried, and did not fit.
        for session_key in found.skip(self.0) {
            if self.0 == MAX_CONTAINER_TRIALS {
                return Err(
                    LimitExceeded::new(Limit::SessionKeyPackets, MAX_CONTAINER_TRIALS).into(),
                );
            }
            self.0 += 1;
            // A key of another version or length is for another container.
            if let PlainSessionKey::V6 { key } = &session_key
                && let Some(cipher) = ContainerCipher::to_read(config, key.as_ref())
            {
                return Ok(Some(cipher));
            }
        }
        Ok(None)
    }
}
