//! The RFC 9807 vectors of the suite that S-Mail uses: ristretto255-SHA512 and 3DH, with the identity function for
//! stretching as the vectors have it. They show that the suite, as chosen from opaque-ke, is the one of the RFC.

use crate::common::{Scripted, Vectors};
use opaque_ke::{
    CipherSuite, ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialFinalization, CredentialRequest,
    CredentialResponse, Identifiers, RegistrationRequest, RegistrationResponse, Ristretto255,
    ServerLogin, ServerLoginParameters, ServerRegistration, ServerSetup, TripleDh,
};

struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

/// A ristretto255 scalar is drawn by reducing 64 bytes: these give the scalar itself.
const ZEROS: [u8; 32] = [0; 32];
/// The server draws a masking key for users it does not know even when it knows this one.
const UNUSED_MASKING_KEY: [u8; 64] = [0; 64];

#[test]
fn vector_1_without_identities() {
    check(include_str!("../vectors/rfc9807/c.1.1.txt"));
}

#[test]
fn vector_2_with_identities() {
    check(include_str!("../vectors/rfc9807/c.1.2.txt"));
}

fn check(text: &str) {
    let vectors = Vectors::parse(text);
    let (client, server) = (
        vectors.find("client_identity"),
        vectors.find("server_identity"),
    );
    let identifiers = Identifiers {
        client: client.as_deref(),
        server: server.as_deref(),
    };
    let setup = server_setup(&vectors);
    let record = register(&vectors, &setup, identifiers);
    log_in(&vectors, &setup, record, identifiers);
}

fn server_setup(vectors: &Vectors) -> ServerSetup<Suite> {
    // The third part is the public key shown to users that do not exist.
    let parts = ["oprf_seed", "server_private_key", "server_public_key"];
    let bytes: Vec<u8> = parts.iter().flat_map(|name| vectors.get(name)).collect();
    ServerSetup::deserialize(&bytes).unwrap()
}

fn register(
    vectors: &Vectors,
    setup: &ServerSetup<Suite>,
    identifiers: Identifiers<'_>,
) -> ServerRegistration<Suite> {
    let password = vectors.get("password");
    let mut rng = Scripted::new(&[&vectors.get("blind_registration"), &ZEROS]);
    let started = ClientRegistration::<Suite>::start(&mut rng, &password).unwrap();
    rng.assert_used_up();
    let request = started.message.serialize();
    assert_eq!(request.as_slice(), vectors.get("registration_request"));

    let request = RegistrationRequest::deserialize(&request).unwrap();
    let answered =
        ServerRegistration::start(setup, request, &vectors.get("credential_identifier")).unwrap();
    let response = answered.message.serialize();
    assert_eq!(response.as_slice(), vectors.get("registration_response"));

    let mut rng = Scripted::new(&[&vectors.get("envelope_nonce")]);
    let parameters = ClientRegistrationFinishParameters::new(identifiers, None);
    let response = RegistrationResponse::deserialize(&response).unwrap();
    let finished = started
        .state
        .finish(&mut rng, &password, response, parameters)
        .unwrap();
    rng.assert_used_up();
    assert_eq!(
        finished.message.serialize().as_slice(),
        vectors.get("registration_upload")
    );
    assert_eq!(finished.export_key.as_slice(), vectors.get("export_key"));
    ServerRegistration::finish(finished.message)
}

fn log_in(
    vectors: &Vectors,
    setup: &ServerSetup<Suite>,
    record: ServerRegistration<Suite>,
    identifiers: Identifiers<'_>,
) {
    let (password, context) = (vectors.get("password"), vectors.get("Context"));
    let mut rng = Scripted::new(&[
        &vectors.get("blind_login"),
        &ZEROS,
        &vectors.get("client_keyshare_seed"),
        &vectors.get("client_nonce"),
    ]);
    let started = ClientLogin::<Suite>::start(&mut rng, &password).unwrap();
    rng.assert_used_up();
    let ke1 = started.message.serialize();
    assert_eq!(ke1.as_slice(), vectors.get("KE1"));

    let mut rng = Scripted::new(&[
        &UNUSED_MASKING_KEY,
        &vectors.get("masking_nonce"),
        &vectors.get("server_keyshare_seed"),
        &vectors.get("server_nonce"),
    ]);
    let parameters = ServerLoginParameters {
        context: Some(&context),
        identifiers,
    };
    let answered = ServerLogin::start(
        &mut rng,
        setup,
        Some(record),
        CredentialRequest::deserialize(&ke1).unwrap(),
        &vectors.get("credential_identifier"),
        parameters.clone(),
    )
    .unwrap();
    rng.assert_used_up();
    let ke2 = answered.message.serialize();
    assert_eq!(ke2.as_slice(), vectors.get("KE2"));

    let finished = started
        .state
        .finish(
            &mut Scripted::new(&[]),
            &password,
            CredentialResponse::deserialize(&ke2).unwrap(),
            ClientLoginFinishParameters::new(Some(&context), identifiers, None),
        )
        .unwrap();
    let ke3 = finished.message.serialize();
    assert_eq!(ke3.as_slice(), vectors.get("KE3"));
    assert_eq!(finished.export_key.as_slice(), vectors.get("export_key"));
    assert_eq!(finished.session_key.as_slice(), vectors.get("session_key"));

    let ke3 = CredentialFinalization::deserialize(&ke3).unwrap();
    let server = answered.state.finish(ke3, parameters).unwrap();
    assert_eq!(server.session_key.as_slice(), vectors.get("session_key"));
}
