//! Both sides of OPAQUE, one of them opaque-ke's own client.

use super::*;
use opaque_ke::{
    CipherSuite, ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, Identifiers, RegistrationResponse, Ristretto255, TripleDh,
};

const CONTEXT: &[u8] = b"s-mail/v1/opaque";

/// The client's suite. It does not stretch: the server never sees whether a client does.
pub(super) struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

const IDENTIFIERS: Identifiers<'_> = Identifiers {
    client: Some(b"alice@localhost"),
    server: Some(b"localhost"),
};

fn alice() -> Username {
    "alice".parse().unwrap()
}

fn register(setup: &Setup, password: &[u8]) -> Vec<u8> {
    let start = ClientRegistration::<Suite>::start(&mut OsRng, password).unwrap();
    let answer = setup
        .answer_registration(
            &alice(),
            CredentialKind::Password,
            &start.message.serialize(),
        )
        .unwrap();
    let answer = RegistrationResponse::deserialize(&answer).unwrap();
    let parameters = ClientRegistrationFinishParameters::new(IDENTIFIERS, None);
    let upload = start
        .state
        .finish(&mut OsRng, password, answer, parameters)
        .unwrap()
        .message
        .serialize();
    Setup::check_record(&upload).unwrap()
}

fn log_in(
    setup: &Setup,
    kind: CredentialKind,
    record: Option<&[u8]>,
    password: &[u8],
) -> Result<(), LoginFailed> {
    let start = ClientLogin::<Suite>::start(&mut OsRng, password).unwrap();
    let (under_way, ke2) = setup
        .start_login(&alice(), kind, record, &start.message.serialize())
        .unwrap();
    let ke2 = opaque_ke::CredentialResponse::deserialize(&ke2).unwrap();
    let parameters = ClientLoginFinishParameters::new(Some(CONTEXT), IDENTIFIERS, None);
    let finished = start
        .state
        .finish(&mut OsRng, password, ke2, parameters)
        .map_err(|_| LoginFailed)?;
    under_way.finish(&finished.message.serialize())
}

#[test]
fn the_right_password_logs_in_and_nothing_else_does() {
    let kept = Setup::generate("localhost");
    let setup = Setup::load(&kept, "localhost").unwrap();
    let record = register(&setup, b"right");
    let again = Setup::load(&kept, "localhost").unwrap();
    assert_eq!(
        log_in(&again, CredentialKind::Password, Some(&record), b"right"),
        Ok(())
    );
    assert_eq!(
        log_in(&again, CredentialKind::Password, Some(&record), b"wrong"),
        Err(LoginFailed)
    );
    assert_eq!(
        log_in(&again, CredentialKind::Recovery, Some(&record), b"right"),
        Err(LoginFailed)
    );
    assert_eq!(
        log_in(&again, CredentialKind::Password, None, b"right"),
        Err(LoginFailed)
    );
    let other = LoadSetupError::OtherDomain {
        kept: "localhost".into(),
    };
    assert_eq!(Setup::load(&kept, "elsewhere.example").unwrap_err(), other);
}

#[test]
fn a_login_is_bound_to_the_domain() {
    let kept = Setup::generate("localhost");
    let record = register(&Setup::load(&kept, "localhost").unwrap(), b"right");
    let moved = [b"\x03abc", &kept[10..]].concat();
    let elsewhere = Setup::load(&moved, "abc").unwrap();
    assert_eq!(
        log_in(
            &elsewhere,
            CredentialKind::Password,
            Some(&record),
            b"right"
        ),
        Err(LoginFailed)
    );
}

#[test]
fn a_damaged_setup_is_refused() {
    let kept = Setup::generate("localhost");
    for bytes in [&kept[..kept.len() - 1], &kept[..10], &kept[..5], &[]] {
        assert_eq!(
            Setup::load(bytes, "localhost").unwrap_err(),
            LoadSetupError::Damaged
        );
    }
}

#[test]
fn a_stranger_gets_an_answer_of_the_same_length() {
    let setup = Setup::load(&Setup::generate("localhost"), "localhost").unwrap();
    let record = register(&setup, b"right");
    let ke1 = ClientLogin::<Suite>::start(&mut OsRng, b"right")
        .unwrap()
        .message
        .serialize();
    let answer = |record| {
        setup
            .start_login(&alice(), CredentialKind::Password, record, &ke1)
            .unwrap()
            .1
    };
    let (member, stranger) = (answer(Some(&record)), answer(None));
    assert_eq!(member.len(), stranger.len());
    // The OPRF's evaluation, the first 32 bytes, is the same for a name whether it is taken or not.
    assert_eq!(member[..32], stranger[..32]);
}

#[test]
fn malformed_messages_are_refused() {
    let setup = Setup::load(&Setup::generate("localhost"), "localhost").unwrap();
    for bytes in [&[][..], &[0; 31], &[0xff; 96], &[0; 192], &[0xff; 400]] {
        assert!(
            setup
                .answer_registration(&alice(), CredentialKind::Password, bytes)
                .is_err()
        );
        assert!(Setup::check_record(bytes).is_err());
        assert!(
            setup
                .start_login(&alice(), CredentialKind::Password, None, bytes)
                .is_err()
        );
    }
}
