//! OPAQUE (RFC 9807), the server's side: registration, and login that looks the same for names that are not there.
//!
//! Suite: OPRF and key exchange over ristretto255, 3DH with SHA-512. The key stretching function is the client's
//! affair: the server never sees what is stretched. What a server keeps: its [`ServerSetup`] (secret: the OPRF seed and
//! the server's private key) and each credential's registration record.
//!
//! Random number generators are parameters, so that every step can be repeated in a test.

#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

use opaque_ke::errors::ProtocolError;
use opaque_ke::{
    CipherSuite, CredentialFinalization, CredentialRequest, Identifiers, RegistrationRequest,
    RegistrationUpload, Ristretto255, ServerLoginParameters, ServerRegistration, TripleDh,
};
use rand::{CryptoRng, RngCore};
use std::fmt;
use zeroize::Zeroizing;

/// What both sides bind every login to, so that no other protocol's transcript fits (RFC 9807, section 6.4).
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

impl MalformedMessage {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "opaque-malformed-message"
    }
}

/// Bytes that are no server setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these are not the long-term keys of an OPAQUE server")]
pub struct MalformedSetup;

impl MalformedSetup {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "opaque-malformed-setup"
    }
}

/// Why a login was not started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartLoginError {
    /// The client's KE1 does not parse.
    #[error("KE1 is malformed")]
    MalformedKe1,
    /// The record that was kept does not parse.
    #[error("a stored registration record is malformed")]
    MalformedRecord,
}

impl StartLoginError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MalformedKe1 => "opaque-malformed-message",
            Self::MalformedRecord => "opaque-malformed-record",
        }
    }
}

/// The client does not know the password, or there is no such account; which, cannot be told from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the login failed")]
pub struct LoginFailed;

impl LoginFailed {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "opaque-login-failed"
    }
}

/// Who logs in where: both sides bind the key exchange to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identities<'a> {
    /// The client: a person's address.
    pub client: &'a [u8],
    /// The server: its domain.
    pub server: &'a [u8],
}

impl Identities<'_> {
    fn parameters(&self) -> ServerLoginParameters<'_, '_> {
        ServerLoginParameters {
            context: Some(CONTEXT),
            identifiers: Identifiers {
                client: Some(self.client),
                server: Some(self.server),
            },
        }
    }
}

/// The server's long-term keys. Losing them voids every registration.
pub struct ServerSetup {
    setup: opaque_ke::ServerSetup<Suite>,
    /// A record of nobody, parsed in a stranger's login so that it costs what a member's costs.
    decoy_record: Vec<u8>,
}

impl ServerSetup {
    /// Makes new keys, in the form that [`ServerSetup::from_bytes`] takes. Secret.
    #[must_use]
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Zeroizing<Vec<u8>> {
        let setup = opaque_ke::ServerSetup::<Suite>::new(rng);
        Zeroizing::new(setup.serialize().to_vec())
    }

    /// Reads keys that were made before.
    ///
    /// # Errors
    /// [`MalformedSetup`].
    pub fn from_bytes<R: RngCore + CryptoRng>(
        bytes: &[u8],
        rng: &mut R,
    ) -> Result<Self, MalformedSetup> {
        let setup = opaque_ke::ServerSetup::deserialize(bytes).map_err(|_| MalformedSetup)?;
        let decoy_record = decoy_record(&setup, rng).map_err(|_| MalformedSetup)?;
        Ok(Self {
            setup,
            decoy_record,
        })
    }

    /// The keys, to be kept. Secret.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.setup.serialize().to_vec())
    }

    /// First step of a registration: answers a RegistrationRequest (32 bytes) with a RegistrationResponse (64 bytes).
    /// The credential identifier is the same at each login, and no other credential's.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the request does not parse.
    pub fn answer_registration(
        &self,
        credential_identifier: &[u8],
        request: &[u8],
    ) -> Result<Vec<u8>, MalformedMessage> {
        let request = RegistrationRequest::deserialize(request).map_err(|_| MalformedMessage)?;
        let answer =
            ServerRegistration::<Suite>::start(&self.setup, request, credential_identifier)
                .map_err(|_| MalformedMessage)?;
        Ok(answer.message.serialize().to_vec())
    }

    /// Second step of a registration: checks a RegistrationRecord (192 bytes) and gives what to keep.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the record does not parse.
    pub fn check_record(record: &[u8]) -> Result<Vec<u8>, MalformedMessage> {
        let upload =
            RegistrationUpload::<Suite>::deserialize(record).map_err(|_| MalformedMessage)?;
        Ok(ServerRegistration::finish(upload).serialize().to_vec())
    }

    /// First step of a login: answers KE1 (96 bytes) with KE2 (320 bytes). Without a record (no such account, or no such
    /// credential) it does the same work and answers in the same shape, from a made-up record (RFC 9807, section 10.9).
    ///
    /// # Errors
    /// See [`StartLoginError`].
    pub fn start_login<R: RngCore + CryptoRng>(
        &self,
        credential_identifier: &[u8],
        identities: &Identities<'_>,
        record: Option<&[u8]>,
        ke1: &[u8],
        rng: &mut R,
    ) -> Result<(ServerLogin, Vec<u8>), StartLoginError> {
        let ke1 = CredentialRequest::deserialize(ke1).map_err(|_| StartLoginError::MalformedKe1)?;
        let parsed = ServerRegistration::deserialize(record.unwrap_or(&self.decoy_record))
            .map_err(|_| StartLoginError::MalformedRecord)?;
        let started = opaque_ke::ServerLogin::start(
            rng,
            &self.setup,
            record.is_some().then_some(parsed),
            ke1,
            credential_identifier,
            identities.parameters(),
        )
        .map_err(|_| StartLoginError::MalformedKe1)?;
        let ke2 = started.message.serialize().to_vec();
        let login = ServerLogin {
            state: started.state,
            client: identities.client.to_vec(),
            server: identities.server.to_vec(),
        };
        Ok((login, ke2))
    }
}

/// The server's half of a login, between KE2 and KE3. Wiped on drop.
pub struct ServerLogin {
    state: opaque_ke::ServerLogin<Suite>,
    client: Vec<u8>,
    server: Vec<u8>,
}

impl ServerLogin {
    /// Second step of a login: checks KE3 (64 bytes), and gives the session key (64 bytes) that the client has too.
    /// Consumes the state: each KE2 can be answered once.
    ///
    /// # Errors
    /// [`LoginFailed`] for anything but the KE3 that the right password makes.
    pub fn finish(self, ke3: &[u8]) -> Result<Zeroizing<Vec<u8>>, LoginFailed> {
        let identities = Identities {
            client: &self.client,
            server: &self.server,
        };
        let ke3 = CredentialFinalization::deserialize(ke3).map_err(|_| LoginFailed)?;
        let finished = self
            .state
            .finish(ke3, identities.parameters())
            .map_err(|_| LoginFailed)?;
        Ok(Zeroizing::new(finished.session_key.to_vec()))
    }
}

/// Registers a random password of nobody, as a client would.
fn decoy_record<R: RngCore + CryptoRng>(
    setup: &opaque_ke::ServerSetup<Suite>,
    rng: &mut R,
) -> Result<Vec<u8>, ProtocolError> {
    let mut password = Zeroizing::new([0; 32]);
    rng.fill_bytes(password.as_mut_slice());
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

/// Redacted: holds long-term secrets.
impl fmt::Debug for ServerSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSetup(..)")
    }
}

/// Redacted: holds a login's ephemeral secrets.
impl fmt::Debug for ServerLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerLogin(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng as _;

    const ALICE: Identities<'static> = Identities {
        client: b"alice@example.org",
        server: b"example.org",
    };

    struct Registered {
        rng: ChaCha20Rng,
        setup: ServerSetup,
        record: Vec<u8>,
    }

    fn registered() -> Registered {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let kept = ServerSetup::generate(&mut rng);
        let setup = ServerSetup::from_bytes(&kept, &mut rng).unwrap();
        let start = opaque_ke::ClientRegistration::<Suite>::start(&mut rng, b"secret").unwrap();
        let request = start.message.serialize();
        let answer = setup.answer_registration(b"alice", &request).unwrap();
        let parameters = opaque_ke::ClientRegistrationFinishParameters::new(
            ALICE.parameters().identifiers,
            None,
        );
        let answer = opaque_ke::RegistrationResponse::deserialize(&answer).unwrap();
        let finish = start.state.finish(&mut rng, b"secret", answer, parameters);
        let record = ServerSetup::check_record(&finish.unwrap().message.serialize()).unwrap();
        Registered { rng, setup, record }
    }

    /// What the client has in the end.
    struct LoggedIn {
        ke3: Vec<u8>,
        session_key: Vec<u8>,
    }

    /// The server's half, and the client's if it gets that far.
    fn log_in(
        world: &mut Registered,
        password: &[u8],
        record: Option<&[u8]>,
    ) -> (ServerLogin, Option<LoggedIn>) {
        let client = opaque_ke::ClientLogin::<Suite>::start(&mut world.rng, password).unwrap();
        let ke1 = client.message.serialize();
        let started = world
            .setup
            .start_login(b"alice", &ALICE, record, &ke1, &mut world.rng);
        let (server, ke2) = started.unwrap();
        assert_eq!(ke2.len(), 320);
        let parameters = opaque_ke::ClientLoginFinishParameters::new(
            Some(CONTEXT),
            ALICE.parameters().identifiers,
            None,
        );
        let ke2 = opaque_ke::CredentialResponse::deserialize(&ke2).unwrap();
        let finished = client
            .state
            .finish(&mut world.rng, password, ke2, parameters);
        let logged_in = finished.map(|finished| LoggedIn {
            ke3: finished.message.serialize().to_vec(),
            session_key: finished.session_key.to_vec(),
        });
        (server, logged_in.ok())
    }

    #[test]
    fn both_sides_get_the_same_session_key() {
        let mut world = registered();
        let record = world.record.clone();
        let (server, client) = log_in(&mut world, b"secret", Some(&record));
        let client = client.unwrap();
        assert_eq!(*server.finish(&client.ke3).unwrap(), client.session_key);
    }

    #[test]
    fn keys_that_were_kept_serve_again() {
        let mut world = registered();
        let kept = world.setup.to_bytes();
        world.setup = ServerSetup::from_bytes(&kept, &mut world.rng).unwrap();
        let record = world.record.clone();
        let (server, client) = log_in(&mut world, b"secret", Some(&record));
        assert!(server.finish(&client.unwrap().ke3).is_ok());
    }

    #[test]
    fn a_wrong_password_and_an_unknown_name_fail_alike() {
        let mut world = registered();
        let record = world.record.clone();
        for (password, record) in [(&b"wrong"[..], Some(&record[..])), (b"secret", None)] {
            let (server, client) = log_in(&mut world, password, record);
            assert!(client.is_none());
            assert_eq!(server.finish(&[0; 64]).unwrap_err(), LoginFailed);
        }
    }

    #[test]
    fn a_login_is_bound_to_who_and_where() {
        let mut world = registered();
        let client = opaque_ke::ClientLogin::<Suite>::start(&mut world.rng, b"secret").unwrap();
        let ke1 = client.message.serialize();
        let elsewhere = Identities {
            server: b"example.com",
            ..ALICE
        };
        let record = world.record.clone();
        let started =
            world
                .setup
                .start_login(b"alice", &elsewhere, Some(&record), &ke1, &mut world.rng);
        let ke2 = opaque_ke::CredentialResponse::deserialize(&started.unwrap().1).unwrap();
        let parameters = opaque_ke::ClientLoginFinishParameters::new(
            Some(CONTEXT),
            ALICE.parameters().identifiers,
            None,
        );
        let finished = client
            .state
            .finish(&mut world.rng, b"secret", ke2, parameters);
        assert!(finished.is_err());
    }

    #[test]
    fn what_is_malformed_is_named() {
        let mut world = registered();
        assert_eq!(
            world.setup.answer_registration(b"alice", &[0; 31]),
            Err(MalformedMessage)
        );
        assert_eq!(ServerSetup::check_record(&[0; 9]), Err(MalformedMessage));
        let start = |world: &mut Registered, record: &[u8], ke1: &[u8]| {
            world
                .setup
                .start_login(b"alice", &ALICE, Some(record), ke1, &mut world.rng)
                .map(drop)
        };
        let record = world.record.clone();
        assert_eq!(
            start(&mut world, &record, &[0; 96]),
            Err(StartLoginError::MalformedKe1)
        );
        let ke1 = opaque_ke::ClientLogin::<Suite>::start(&mut world.rng, b"secret").unwrap();
        assert_eq!(
            start(&mut world, &[0; 5], &ke1.message.serialize()),
            Err(StartLoginError::MalformedRecord)
        );
        let malformed = ServerSetup::from_bytes(&[1; 5], &mut world.rng).map(drop);
        assert_eq!(malformed, Err(MalformedSetup));
    }
}
