//! Registration: a new credential for a password or recovery code (RFC 9807, section 5).

use super::suite::{self, Argon2id, Names, Suite};
use crate::credential_secret::CredentialSecret;
use crate::identity::Identity;
use crate::ksf::KsfParameters;
use crate::secret::ExportKey;
use opaque_ke::errors::ProtocolError;
use opaque_ke::{ClientRegistrationFinishParameters, RegistrationResponse};
use rand::{CryptoRng, RngCore};
use std::fmt;
use zeroize::Zeroize as _;

/// A registration that waits for the server's response. Secret: it holds the blinding of the password.
pub struct ClientRegistration(opaque_ke::ClientRegistration<Suite>);

/// A registration, finished.
#[derive(Debug)]
pub struct Registered {
    /// The RegistrationRecord, 192 bytes: the server keeps it. Not secret from the server, but not public either: who
    /// holds it, together with the server's setup, can try passwords.
    pub record: Vec<u8>,
    /// Derived from the password and the server's help; the server never knows it.
    pub export_key: ExportKey,
}

/// Why a registration failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The server's answer is not a RegistrationResponse.
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

impl RegisterError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "register-malformed",
            Self::Reflected => "register-reflected",
            Self::Stretching => "register-stretching",
        }
    }
}

impl ClientRegistration {
    /// Begins: gives the state to keep and the RegistrationRequest (32 bytes) to send.
    ///
    /// # Errors
    /// [`RegisterError::Stretching`] for a secret that the protocol does not take.
    pub fn start<'a, R: RngCore + CryptoRng>(
        secret: impl Into<CredentialSecret<'a>>,
        rng: &mut R,
    ) -> Result<(Self, Vec<u8>), RegisterError> {
        // EXPOSE: OPAQUE blinds it.
        let started = opaque_ke::ClientRegistration::start(rng, secret.into().expose())
            .map_err(|_| RegisterError::Stretching)?;
        Ok((Self(started.state), started.message.serialize().to_vec()))
    }

    /// Finishes with the server's RegistrationResponse (64 bytes). Takes as long as the KSF does.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub fn finish<'a, R: RngCore + CryptoRng>(
        self,
        secret: impl Into<CredentialSecret<'a>>,
        response: &[u8],
        identity: &Identity<'_>,
        parameters: KsfParameters,
        rng: &mut R,
    ) -> Result<Registered, RegisterError> {
        let malformed = RegisterError::Malformed {
            field: "registration response",
        };
        let response = RegistrationResponse::deserialize(response).map_err(|_| malformed)?;
        let (names, ksf) = (Names::of(identity), Argon2id::new(parameters));
        let parameters = ClientRegistrationFinishParameters::new(names.identifiers(), Some(&ksf));
        // EXPOSE: OPAQUE derives the record from it.
        let mut finished = self
            .0
            .finish(rng, secret.into().expose(), response, parameters)
            .map_err(|error| match error {
                ProtocolError::ReflectedValueError => RegisterError::Reflected,
                ProtocolError::LibraryError(_) => RegisterError::Stretching,
                _ => malformed,
            })?;
        let export_key = suite::export_key(finished.export_key.as_ref());
        finished.export_key.zeroize();
        Ok(Registered {
            record: finished.message.serialize().to_vec(),
            export_key,
        })
    }
}

impl fmt::Debug for ClientRegistration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientRegistration(..)")
    }
}
