//! Setting the second factor up, in an open account.

use super::second_step::app_code;
use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::{FactorAdded, SecondFactor, TotpSetup};
use smail_protocol::{ProblemCode, SecondFactorView, TotpWriteRequest};
use zeroize::Zeroizing;

/// Octets of a secret: as many as the hash has, which RFC 4226 (section 4) recommends.
const SECRET_BYTES: usize = 20;
/// What an authenticator app calls the account's service.
const ISSUER: &str = "S-Mail";

/// The secret of an authenticator app that is being set up. Wiped when it is dropped.
pub(crate) struct NewTotp(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for NewTotp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewTotp(..)")
    }
}

/// Why the second factor was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactorError {
    /// The log-in is too long ago for such a change.
    #[error("Enter your password again first: this needs a log-in of the last few minutes.")]
    FreshLoginRequired,
    /// Not what the app shows.
    #[error(
        "This is not the code that the app shows now. Check that the device's clock is right, and type the next code."
    )]
    WrongCode,
    /// Not a code of an app at all.
    #[error("The code has six digits.")]
    MalformedCode,
    /// Nothing is being set up.
    #[error("Begin anew: the code belongs to a set-up that is over.")]
    NotBegun,
    /// It was changed by another session meanwhile.
    #[error("Another session has changed this meanwhile. Look at it as it is now.")]
    Gone,
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
}

impl CodedError for FactorError {
    fn code(&self) -> &'static str {
        match self {
            Self::FreshLoginRequired => "fresh-login-required",
            Self::WrongCode => "second-factor-failed",
            Self::MalformedCode => "second-factor-malformed",
            Self::NotBegun => "second-factor-expired",
            Self::Gone => "not-found",
            Self::Server(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongCode | Self::MalformedCode => Some("code"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<ApiError> for FactorError {
    fn from(error: ApiError) -> Self {
        match error.problem_code() {
            Some(ProblemCode::FreshLoginRequired) => Self::FreshLoginRequired,
            Some(ProblemCode::InvalidValue) => Self::WrongCode,
            Some(ProblemCode::NotFound) => Self::Gone,
            _ => Self::Server(error),
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The account's second factor.
    ///
    /// # Errors
    /// [`FactorError`].
    pub async fn second_factor(&self) -> Result<SecondFactor, FactorError> {
        let view = self.env.second_factor().await?;
        Ok(self.factor_noted(&view))
    }

    /// Makes the secret of a new authenticator app, which is to be shown to the app once. Nothing is kept of it before
    /// [`Client::confirm_totp`]; another call makes another secret.
    pub fn new_totp(&self) -> TotpSetup {
        let mut secret = Zeroizing::new(vec![0; SECRET_BYTES]);
        self.env.with_rng(|rng| rng.fill_bytes(&mut secret));
        let text = base32(&secret);
        let address = self.account.address().replace('@', "%40");
        let uri = format!("otpauth://totp/{ISSUER}:{address}?secret={text}&issuer={ISSUER}");
        self.memory.borrow_mut().new_totp = Some(NewTotp(secret));
        TotpSetup { secret: text, uri }
    }

    /// Sets the authenticator app up, in place of one that there was, by a code that it shows. From the next log-in on
    /// it is asked for.
    ///
    /// # Errors
    /// [`FactorError`].
    pub async fn confirm_totp(&self, code: &str) -> Result<FactorAdded, FactorError> {
        let code = app_code(code).ok_or(FactorError::MalformedCode)?;
        let secret = match &self.memory.borrow().new_totp {
            Some(NewTotp(secret)) => secret.to_vec().into(),
            None => return Err(FactorError::NotBegun),
        };
        let added = self
            .env
            .totp_write(&TotpWriteRequest { secret, code })
            .await?;
        self.memory.borrow_mut().new_totp = None;
        Ok(self.added(added))
    }

    /// Removes the authenticator app; the recovery codes go with the last factor.
    ///
    /// # Errors
    /// [`FactorError`].
    pub async fn remove_totp(&self) -> Result<SecondFactor, FactorError> {
        let view = self.env.totp_remove().await?;
        Ok(self.factor_noted(&view))
    }

    /// Makes new recovery codes; those that there were are void.
    ///
    /// # Errors
    /// [`FactorError`].
    pub async fn renew_recovery_codes(&self) -> Result<FactorAdded, FactorError> {
        let added = self.env.recovery_codes_renew().await?;
        Ok(self.added(added))
    }

    pub(super) fn added(&self, added: smail_protocol::FactorAdded) -> FactorAdded {
        FactorAdded {
            second_factor: self.factor_noted(&added.second_factor),
            recovery_codes: added.recovery_codes,
        }
    }

    /// Takes note of the second factor, so that it is no news when the change log tells of it.
    pub(super) fn factor_noted(&self, view: &SecondFactorView) -> SecondFactor {
        let factor = SecondFactor {
            totp_since_ms: view.totp_since_ms,
            passkeys: self.named(&view.passkeys),
            recovery_codes_left: view.recovery_codes_left,
        };
        self.account.has_second_factor.set(view.is_on());
        factor
    }
}

/// Base 32 (RFC 4648, section 6) without padding, as authenticator apps take secrets.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    bytes
        .chunks(5)
        .flat_map(|group| {
            let bits = (0..5).fold(0_u64, |bits, at| {
                (bits << 8) | u64::from(group.get(at).copied().unwrap_or_default())
            });
            let characters = (group.len() * 8).div_ceil(5);
            (0..characters).filter_map(move |at| {
                let index = usize::try_from((bits >> (35 - 5 * at)) & 31).ok()?;
                ALPHABET.get(index).map(|byte| char::from(*byte))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn base32_is_the_rfc_s() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
