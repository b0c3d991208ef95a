//! What a person proves to know: a password or a recovery code.

use crate::{Password, RecoveryCode};

/// The secret behind an OPAQUE credential. Both kinds go the same way; each has a record of its own at the server.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum CredentialSecret<'a> {
    /// The account's password.
    Password(&'a Password),
    /// The account's recovery code.
    RecoveryCode(&'a RecoveryCode),
}

impl<'a> CredentialSecret<'a> {
    /// The secret itself. Each call says why it is needed.
    pub(crate) fn expose(self) -> &'a [u8] {
        match self {
            // EXPOSE: handed on under the same rule.
            Self::Password(password) => password.expose(),
            // EXPOSE: handed on under the same rule.
            Self::RecoveryCode(code) => code.expose(),
        }
    }
}

impl<'a> From<&'a Password> for CredentialSecret<'a> {
    fn from(password: &'a Password) -> Self {
        Self::Password(password)
    }
}

impl<'a> From<&'a RecoveryCode> for CredentialSecret<'a> {
    fn from(code: &'a RecoveryCode) -> Self {
        Self::RecoveryCode(code)
    }
}
