//! OPAQUE, the server's side (RFC 9807): registration, and login that looks the same for names that are not here.
//!
//! Suite: OPRF and key exchange over ristretto255, 3DH with SHA-512. The key stretching function is the client's
//! affair: the server never sees what is stretched. What is persisted: [`Setup`] (secret: the OPRF seed and the
//! server's private key) and each account's registration record.

use opaque_ke::errors::ProtocolError;
use opaque_ke::{
    CipherSuite, CredentialFinalization, CredentialRequest, Identifiers, RegistrationRequest,
    RegistrationUpload, Ristretto255, ServerLogin, ServerLoginParameters, ServerRegistration,
    ServerSetup, TripleDh,
};
use rand::rngs::OsRng;
use rand::{CryptoRng, RngCore};
use smail_protocol::{CredentialKind, Username};
use std::fmt;
use zeroize::Zeroizing;

/// What both sides bind every login to, so that no other protocol's transcript fits.
const CONTEXT: &[u8] = b"s-mail/v1/opaque";

/// The suite both sides run.
struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

/// A message of the client that is no OPAQUE message of this suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an OPAQUE message of this suite")]
pub struct MalformedMessage;

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

/// Why a login was not started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartLoginError {
    /// The client's KE1 does not parse.
    #[error("KE1 is malformed")]
    MalformedKe1,
    /// The record in the store does not parse: the store is damaged.
    #[error("a stored registration record is malformed")]
    MalformedRecord,
}

/// The client does not know the password, or there is no such account; which, cannot be told from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the login failed")]
pub struct LoginFailed;

/// The server's long-term keys for one domain. Losing them voids every login.
pub struct Setup {
    setup: ServerSetup<Suite>,
    domain: String,
    /// A record of nobody, parsed in a stranger's login so that it costs what a member's costs.
    decoy_record: Vec<u8>,
}

/// The server's half of a login, between KE2 and KE3. Wiped on drop.
pub struct LoginUnderWay {
    state: ServerLogin<Suite>,
    identity: Identity,
}

/// Who logs in where, in the form that both sides bind the key exchange to.
struct Identity {
    address: Vec<u8>,
    domain: Vec<u8>,
}

impl Setup {
    /// Makes new long-term keys for a domain. Returns them in the form that [`Setup::load`] takes; secret. Layout: the
    /// domain's length (1 byte), the domain, opaque-ke's ServerSetup.
    #[must_use]
    pub fn generate(domain: &str) -> Vec<u8> {
        let length = u8::try_from(domain.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![length];
        bytes.extend(domain.bytes().take(usize::from(length)));
        bytes.extend_from_slice(&ServerSetup::<Suite>::new(&mut OsRng).serialize());
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
        let setup = ServerSetup::deserialize(setup).map_err(|_| LoadSetupError::Damaged)?;
        let decoy_record = decoy_record(&setup).map_err(|_| LoadSetupError::Damaged)?;
        Ok(Self {
            setup,
            domain: domain.to_owned(),
            decoy_record,
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
        let request = RegistrationRequest::deserialize(request).map_err(|_| MalformedMessage)?;
        let answer = ServerRegistration::<Suite>::start(
            &self.setup,
            request,
            &credential_identifier(username, kind),
        )
        .map_err(|_| MalformedMessage)?;
        Ok(answer.message.serialize().to_vec())
    }

    /// Second step of a registration: checks RegistrationRecord and gives what to keep.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the record does not parse.
    pub fn check_record(record: &[u8]) -> Result<Vec<u8>, MalformedMessage> {
        let upload =
            RegistrationUpload::<Suite>::deserialize(record).map_err(|_| MalformedMessage)?;
        Ok(ServerRegistration::finish(upload).serialize().to_vec())
    }

    /// First step of a login: answers KE1 with KE2. Without a record (no such account, or no such credential) it does
    /// the same work and answers in the same shape, from a made-up record (RFC 9807, section 10.9).
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
        let ke1 = CredentialRequest::deserialize(ke1).map_err(|_| StartLoginError::MalformedKe1)?;
        let parsed = ServerRegistration::deserialize(record.unwrap_or(&self.decoy_record))
            .map_err(|_| StartLoginError::MalformedRecord)?;
        let identity = Identity::new(username, &self.domain);
        let started = ServerLogin::start(
            &mut OsRng,
            &self.setup,
            record.is_some().then_some(parsed),
            ke1,
            &credential_identifier(username, kind),
            identity.parameters(),
        )
        .map_err(|_| StartLoginError::MalformedKe1)?;
        let ke2 = started.message.serialize().to_vec();
        Ok((
            LoginUnderWay {
                state: started.state,
                identity,
            },
            ke2,
        ))
    }
}

impl LoginUnderWay {
    /// Second step of a login: checks KE3. Consumes the state: each KE2 can be answered once.
    ///
    /// # Errors
    /// [`LoginFailed`] for anything but the KE3 that the right password makes.
    pub fn finish(self, ke3: &[u8]) -> Result<(), LoginFailed> {
        let ke3 = CredentialFinalization::deserialize(ke3).map_err(|_| LoginFailed)?;
        self.state
            .finish(ke3, self.identity.parameters())
            .map(|_| ())
            .map_err(|_| LoginFailed)
    }
}

impl Identity {
    fn new(username: &Username, domain: &str) -> Self {
        Self {
            address: format!("{username}@{domain}").into_bytes(),
            domain: domain.as_bytes().to_vec(),
        }
    }

    fn parameters(&self) -> ServerLoginParameters<'_, '_> {
        ServerLoginParameters {
            context: Some(CONTEXT),
            identifiers: Identifiers {
                client: Some(&self.address),
                server: Some(&self.domain),
            },
        }
    }
}

/// Names one credential of one account to the OPRF.
fn credential_identifier(username: &Username, kind: CredentialKind) -> Vec<u8> {
    format!("{}:{username}", kind.as_str()).into_bytes()
}

/// Registers a random password of nobody, as a client would.
fn decoy_record(setup: &ServerSetup<Suite>) -> Result<Vec<u8>, ProtocolError> {
    let rng = &mut OsRng;
    let password = random_password(rng);
    let start = opaque_ke::ClientRegistration::<Suite>::start(rng, password.as_slice())?;
    let answer = ServerRegistration::start(setup, start.message, b"decoy")?;
    let finish =
        start
            .state
            .finish(rng, password.as_slice(), answer.message, Default::default())?;
    Ok(ServerRegistration::finish(finish.message)
        .serialize()
        .to_vec())
}

fn random_password(rng: &mut (impl RngCore + CryptoRng)) -> Zeroizing<[u8; 32]> {
    let mut password = Zeroizing::new([0; 32]);
    rng.fill_bytes(password.as_mut_slice());
    password
}

/// Redacted: holds long-term secrets.
impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Setup(..)")
    }
}

/// Redacted: holds a login's ephemeral secrets.
impl fmt::Debug for LoginUnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginUnderWay(..)")
    }
}

#[cfg(test)]
impl Setup {
    /// A login that nobody can finish, for tests of what holds logins.
    pub(crate) fn start_decoy_login(&self, username: &Username) -> LoginUnderWay {
        let ke1 = opaque_ke::ClientLogin::<Suite>::start(&mut OsRng, b"decoy")
            .unwrap()
            .message
            .serialize();
        self.start_login(username, CredentialKind::Password, None, &ke1)
            .unwrap()
            .0
    }
}

#[cfg(test)]
mod tests;
