//! OPAQUE, the server's side, for the accounts of one domain. The protocol itself is in `smail-opaque-server`. What is
//! persisted: [`Setup`] (secret) and each account's registration record.

use rand::rngs::OsRng;
use smail_opaque_server::{Identities, ServerLogin, ServerSetup};
pub use smail_opaque_server::{LoginFailed, MalformedMessage, StartLoginError};
use smail_protocol::{CredentialKind, Username};
use std::fmt;

/// Why the long-term keys in the store are of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadSetupError {
    /// They were made for another domain, to which every credential here is bound.
    #[error(
        "this data is of the domain {kept}, and logins are bound to it: serve it with --domain {kept}"
    )]
    OtherDomain {
        /// The domain that they were made for.
        kept: String,
    },
    /// They cannot be read.
    #[error("the OPAQUE setup in the store is damaged; restore it from a backup")]
    Damaged,
}

/// The server's long-term keys for one domain. Losing them voids every login.
pub struct Setup {
    setup: ServerSetup,
    domain: String,
}

/// The server's half of a login, between KE2 and KE3. Wiped on drop.
#[derive(Debug)]
pub struct LoginUnderWay(ServerLogin);

impl Setup {
    /// Makes new long-term keys for a domain. Returns them in the form that [`Setup::load`] takes; secret. Layout: the
    /// domain's length (1 byte), the domain, opaque-ke's ServerSetup.
    #[must_use]
    pub fn generate(domain: &str) -> Vec<u8> {
        let length = u8::try_from(domain.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![length];
        bytes.extend(domain.bytes().take(usize::from(length)));
        bytes.extend_from_slice(&ServerSetup::generate(&mut OsRng));
        bytes
    }

    /// Reads the long-term keys, which must have been made for this domain.
    ///
    /// # Errors
    /// See [`LoadSetupError`].
    pub fn load(bytes: &[u8], domain: &str) -> Result<Self, LoadSetupError> {
        let (length, rest) = bytes.split_first().ok_or(LoadSetupError::Damaged)?;
        let (kept, setup) = rest
            .split_at_checked(usize::from(*length))
            .ok_or(LoadSetupError::Damaged)?;
        if kept != domain.as_bytes() {
            let kept = String::from_utf8_lossy(kept).into_owned();
            return Err(LoadSetupError::OtherDomain { kept });
        }
        let setup = ServerSetup::from_bytes(setup, &mut OsRng);
        Ok(Self {
            setup: setup.map_err(|_| LoadSetupError::Damaged)?,
            domain: domain.to_owned(),
        })
    }

    /// First step of a registration: answers RegistrationRequest with RegistrationResponse.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the request does not parse.
    pub fn answer_registration(
        &self,
        username: &Username,
        kind: CredentialKind,
        request: &[u8],
    ) -> Result<Vec<u8>, MalformedMessage> {
        let credential = credential_identifier(username, kind);
        self.setup.answer_registration(&credential, request)
    }

    /// Second step of a registration: checks RegistrationRecord and gives what to keep.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the record does not parse.
    pub fn check_record(record: &[u8]) -> Result<Vec<u8>, MalformedMessage> {
        ServerSetup::check_record(record)
    }

    /// First step of a login: answers KE1 with KE2. Without a record (no such account, or no such credential) it does
    /// the same work and answers in the same shape.
    ///
    /// # Errors
    /// See [`StartLoginError`].
    pub fn start_login(
        &self,
        username: &Username,
        kind: CredentialKind,
        record: Option<&[u8]>,
        ke1: &[u8],
    ) -> Result<(LoginUnderWay, Vec<u8>), StartLoginError> {
        let address = format!("{username}@{}", self.domain);
        let identities = Identities {
            client: address.as_bytes(),
            server: self.domain.as_bytes(),
        };
        let credential = credential_identifier(username, kind);
        let started = self
            .setup
            .start_login(&credential, &identities, record, ke1, &mut OsRng);
        let (login, ke2) = started?;
        Ok((LoginUnderWay(login), ke2))
    }
}

impl LoginUnderWay {
    /// Second step of a login: checks KE3. Consumes the state: each KE2 can be answered once.
    ///
    /// # Errors
    /// [`LoginFailed`] for anything but the KE3 that the right password makes.
    pub fn finish(self, ke3: &[u8]) -> Result<(), LoginFailed> {
        self.0.finish(ke3).map(drop)
    }
}

/// Names one credential of one account to the OPRF.
fn credential_identifier(username: &Username, kind: CredentialKind) -> Vec<u8> {
    format!("{}:{username}", kind.as_str()).into_bytes()
}

/// Redacted: holds long-term secrets.
impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Setup(..)")
    }
}

#[cfg(test)]
mod tests;
