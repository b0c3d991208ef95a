//! The OPAQUE client against a server as S-Mail's is: opaque-ke with the same suite, but no stretching of its own.

use crate::common::rng;
use opaque_ke::{
    CipherSuite, CredentialFinalization, CredentialRequest, Identifiers, RegistrationRequest,
    RegistrationUpload, Ristretto255, ServerLogin, ServerLoginParameters, ServerRegistration,
    ServerSetup, TripleDh,
};
use smail_crypto_core::opaque::{
    CONTEXT, ClientLogin, ClientRegistration, LoggedIn, LoginError, RegisterError,
};
use smail_crypto_core::{
    CredentialSecret, ExportKey, Identity, KsfParameters, Password, RecoveryCode,
};

struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

const ALICE: Identity<'static> = Identity {
    username: "alice",
    domain: "example.org",
};
const CREDENTIAL: &[u8] = b"password:alice";
const KSF: KsfParameters = KsfParameters::DEFAULT;

/// A server with at most one account.
struct Server {
    setup: ServerSetup<Suite>,
    record: Option<Vec<u8>>,
}

impl Server {
    fn new() -> Self {
        Self {
            setup: ServerSetup::new(&mut rng(100)),
            record: None,
        }
    }

    fn answer_registration(&self, request: &[u8]) -> Vec<u8> {
        let request = RegistrationRequest::deserialize(request).unwrap();
        let started = ServerRegistration::start(&self.setup, request, CREDENTIAL).unwrap();
        started.message.serialize().to_vec()
    }

    fn register(&mut self, secret: CredentialSecret<'_>) -> ExportKey {
        let mut rng = rng(101);
        let (client, request) = ClientRegistration::start(secret, &mut rng).unwrap();
        let response = self.answer_registration(&request);
        let registered = client
            .finish(secret, &response, &ALICE, KSF, &mut rng)
            .unwrap();
        RegistrationUpload::<Suite>::deserialize(&registered.record)
            .expect("a record the server can keep");
        self.record = Some(registered.record);
        registered.export_key
    }

    fn answer_login(&self, ke1: &[u8]) -> (ServerLogin<Suite>, Vec<u8>) {
        let record = self
            .record
            .as_deref()
            .map(|record| ServerRegistration::deserialize(record).unwrap());
        let ke1 = CredentialRequest::deserialize(ke1).unwrap();
        let started = ServerLogin::start(
            &mut rng(102),
            &self.setup,
            record,
            ke1,
            CREDENTIAL,
            parameters(),
        )
        .unwrap();
        (started.state, started.message.serialize().to_vec())
    }

    fn log_in(
        &self,
        secret: CredentialSecret<'_>,
        identity: &Identity<'_>,
    ) -> Result<LoggedIn, LoginError> {
        let mut rng = rng(103);
        let (client, ke1) = ClientLogin::start(secret, &mut rng)?;
        let (server, ke2) = self.answer_login(&ke1);
        let logged_in = client.finish(secret, &ke2, identity, KSF, &mut rng)?;
        let ke3 = CredentialFinalization::deserialize(&logged_in.ke3).unwrap();
        server
            .finish(ke3, parameters())
            .expect("a KE3 the server believes");
        Ok(logged_in)
    }
}

fn parameters() -> ServerLoginParameters<'static, 'static> {
    ServerLoginParameters {
        context: Some(CONTEXT),
        identifiers: Identifiers {
            client: Some(b"alice@example.org"),
            server: Some(b"example.org"),
        },
    }
}

fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

#[test]
fn the_right_password_gives_the_same_export_key() {
    let mut server = Server::new();
    let right = password("correct horse battery staple");
    let at_registration = server.register((&right).into());
    let at_login = server.log_in((&right).into(), &ALICE).unwrap().export_key;
    assert!(bool::from(at_registration.ct_eq(&at_login)));
}

#[test]
fn a_recovery_code_works_like_a_password() {
    let mut server = Server::new();
    let code = RecoveryCode::generate(&mut rng(1));
    let at_registration = server.register((&code).into());
    let typed = RecoveryCode::parse(&code.expose_text().to_lowercase()).unwrap();
    let at_login = server.log_in((&typed).into(), &ALICE).unwrap().export_key;
    assert!(bool::from(at_registration.ct_eq(&at_login)));
}

#[test]
fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let mut server = Server::new();
    let unknown = server.log_in((&password("x")).into(), &ALICE).unwrap_err();
    server.register((&password("right")).into());
    let wrong = server
        .log_in((&password("wrong")).into(), &ALICE)
        .unwrap_err();
    assert_eq!(unknown, LoginError::WrongPassword);
    assert_eq!(wrong, LoginError::WrongPassword);
}

#[test]
fn a_record_does_not_open_under_another_name() {
    let mut server = Server::new();
    let right = password("right");
    server.register((&right).into());
    for other in [
        Identity {
            username: "bob",
            ..ALICE
        },
        Identity {
            domain: "example.net",
            ..ALICE
        },
    ] {
        assert_eq!(
            server.log_in((&right).into(), &other).unwrap_err(),
            LoginError::WrongPassword
        );
    }
}

#[test]
fn other_ksf_parameters_are_a_wrong_password() {
    let mut server = Server::new();
    let right = password("right");
    server.register((&right).into());
    let (client, ke1) = ClientLogin::start(&right, &mut rng(2)).unwrap();
    let (_, ke2) = server.answer_login(&ke1);
    let dearer = KsfParameters::checked(64 * 1024, 4, 4).unwrap();
    let refused = client
        .finish(&right, &ke2, &ALICE, dearer, &mut rng(3))
        .unwrap_err();
    assert_eq!(refused, LoginError::WrongPassword);
}

#[test]
fn answers_that_are_none_are_refused() {
    let secret = password("right");
    for answer in [&[][..], &[0; 64], &[0xff; 64], &[0xff; 320]] {
        let (client, _) = ClientRegistration::start(&secret, &mut rng(4)).unwrap();
        let refused = client
            .finish(&secret, answer, &ALICE, KSF, &mut rng(5))
            .unwrap_err();
        assert_eq!(
            refused,
            RegisterError::Malformed {
                field: "registration response"
            }
        );
        let (client, _) = ClientLogin::start(&secret, &mut rng(6)).unwrap();
        let refused = client
            .finish(&secret, answer, &ALICE, KSF, &mut rng(7))
            .unwrap_err();
        assert_eq!(refused, LoginError::Malformed { field: "KE2" });
    }
}

#[test]
fn a_reflected_request_is_refused() {
    let server = Server::new();
    let secret = password("right");
    let (client, request) = ClientRegistration::start(&secret, &mut rng(8)).unwrap();
    let mut response = server.answer_registration(&request);
    response[..request.len()].copy_from_slice(&request);
    let refused = client
        .finish(&secret, &response, &ALICE, KSF, &mut rng(9))
        .unwrap_err();
    assert_eq!(refused, RegisterError::Reflected);
}

#[test]
fn every_altered_byte_of_ke2_is_found() {
    let mut server = Server::new();
    let right = password("right");
    server.register((&right).into());
    let ke2_bytes = {
        let (_, ke1) = ClientLogin::start(&right, &mut rng(10)).unwrap();
        server.answer_login(&ke1).1.len()
    };
    for place in (0..ke2_bytes).step_by(ke2_bytes / 8) {
        let (client, ke1) = ClientLogin::start(&right, &mut rng(10)).unwrap();
        let (_, mut ke2) = server.answer_login(&ke1);
        ke2[place] ^= 1;
        assert!(
            client
                .finish(&right, &ke2, &ALICE, KSF, &mut rng(11))
                .is_err(),
            "byte {place}"
        );
    }
}

#[test]
fn states_and_results_show_nothing() {
    let mut server = Server::new();
    let right = password("right");
    server.register((&right).into());
    let (registration, _) = ClientRegistration::start(&right, &mut rng(12)).unwrap();
    let (login, _) = ClientLogin::start(&right, &mut rng(13)).unwrap();
    insta::assert_snapshot!(
        format!("{registration:?} {login:?}"),
        @"ClientRegistration(..) ClientLogin(..)"
    );
    let logged_in = server.log_in((&right).into(), &ALICE).unwrap();
    assert!(
        format!("{logged_in:?}")
            .ends_with("export_key: ExportKey(..), session_key: SessionKey(..) }")
    );
}

/// RFC 9106, section 5.3: the Argon2id behind the stretching is the one of the RFC.
#[test]
fn argon2id_is_that_of_rfc_9106() {
    use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .output_len(32)
        .build()
        .unwrap();
    let argon2 =
        Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon2
        .hash_password_into(&[1; 32], &[2; 16], &mut tag)
        .unwrap();
    let expected =
        crate::common::from_hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    assert_eq!(tag.as_slice(), expected);
}
