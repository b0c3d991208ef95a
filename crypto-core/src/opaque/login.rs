//! Login by a password or recovery code (RFC 9807, section 6).

use super::suite::{self, Argon2id, CONTEXT, Names, Suite};
use crate::credential_secret::CredentialSecret;
use crate::identity::Identity;
use crate::ksf::KsfParameters;
use crate::secret::{ExportKey, SessionKey};
use opaque_ke::errors::ProtocolError;
use opaque_ke::{ClientLoginFinishParameters, CredentialResponse};
use rand::{CryptoRng, RngCore};
use std::fmt;
use zeroize::Zeroize as _;

/// A login that waits for the server's KE2. Secret: it holds the blinding of the password and an ephemeral key.
pub struct ClientLogin(opaque_ke::ClientLogin<Suite>);

/// A login, finished on the client's side.
#[derive(Debug)]
pub struct LoggedIn {
    /// KE3, 64 bytes, to send: proves to the server that the password was right.
    pub ke3: Vec<u8>,
    /// The same export key as at registration.
    pub export_key: ExportKey,
    /// Of this login alone; the server has it too once it has accepted KE3.
    pub session_key: SessionKey,
}

/// Why a login failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The password or recovery code is wrong, or there is no such account: OPAQUE does not tell which.
    #[error("the user name or the password is wrong")]
    WrongPassword,
    /// The server's answer is not a KE2.
    #[error("the server's answer is malformed: {field}")]
    Malformed {
        /// The message that is wrong.
        field: &'static str,
    },
    /// The server sent the client's own value back, which no honest server does.
    #[error("the server's answer is not an honest one")]
    Reflected,
    /// The password could not be stretched: not enough memory, or a length the protocol does not take.
    #[error("the password could not be processed on this device")]
    Stretching,
}

impl LoginError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "login-wrong-password",
            Self::Malformed { .. } => "login-malformed",
            Self::Reflected => "login-reflected",
            Self::Stretching => "login-stretching",
        }
    }
}

impl ClientLogin {
    /// Begins: gives the state to keep and KE1 (96 bytes) to send.
    ///
    /// # Errors
    /// [`LoginError::Stretching`] for a secret that the protocol does not take.
    pub fn start<'a, R: RngCore + CryptoRng>(
        secret: impl Into<CredentialSecret<'a>>,
        rng: &mut R,
    ) -> Result<(Self, Vec<u8>), LoginError> {
        // EXPOSE: OPAQUE blinds it.
        let started = opaque_ke::ClientLogin::start(rng, secret.into().expose())
            .map_err(|_| LoginError::Stretching)?;
        Ok((Self(started.state), started.message.serialize().to_vec()))
    }

    /// Finishes with the server's KE2 (320 bytes). Takes as long as the KSF does. Also proves the server: one that
    /// does not hold the credential's record cannot make a KE2 that passes.
    ///
    /// # Errors
    /// [`LoginError`].
    pub fn finish<'a, R: RngCore + CryptoRng>(
        self,
        secret: impl Into<CredentialSecret<'a>>,
        ke2: &[u8],
        identity: &Identity<'_>,
        parameters: KsfParameters,
        rng: &mut R,
    ) -> Result<LoggedIn, LoginError> {
        let malformed = LoginError::Malformed { field: "KE2" };
        let ke2 = CredentialResponse::deserialize(ke2).map_err(|_| malformed)?;
        let (names, ksf) = (Names::of(identity), Argon2id::new(parameters));
        let parameters =
            ClientLoginFinishParameters::new(Some(CONTEXT), names.identifiers(), Some(&ksf));
        // EXPOSE: OPAQUE opens the record's envelope with it.
        let mut finished = self
            .0
            .finish(rng, secret.into().expose(), ke2, parameters)
            .map_err(|error| match error {
                ProtocolError::InvalidLoginError => LoginError::WrongPassword,
                ProtocolError::ReflectedValueError => LoginError::Reflected,
                ProtocolError::LibraryError(_) => LoginError::Stretching,
                _ => malformed,
            })?;
        let export_key = suite::export_key(finished.export_key.as_ref());
        finished.export_key.zeroize();
        let session_key = SessionKey::from_slice(&finished.session_key).map_err(|_| malformed)?;
        finished.session_key.zeroize();
        Ok(LoggedIn {
            ke3: finished.message.serialize().to_vec(),
            export_key,
            session_key,
        })
    }
}

impl fmt::Debug for ClientLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientLogin(..)")
    }
}
