//! The client's half of OPAQUE. It does not stretch: the server never sees whether a client does.

use opaque_ke::rand::rngs::OsRng;
use opaque_ke::{
    CipherSuite, ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialResponse, Identifiers, RegistrationResponse,
    Ristretto255, TripleDh,
};

struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

/// A registration between its steps.
pub(crate) struct RegistrationHalf {
    state: ClientRegistration<Suite>,
    pub(crate) request: Vec<u8>,
}

/// A login between its steps.
pub(crate) struct LoginHalf {
    state: ClientLogin<Suite>,
    pub(crate) ke1: Vec<u8>,
}

/// Starts a registration.
pub(crate) fn register_start(secret: &str) -> RegistrationHalf {
    let started = ClientRegistration::<Suite>::start(&mut OsRng, secret.as_bytes()).unwrap();
    RegistrationHalf {
        state: started.state,
        request: started.message.serialize().to_vec(),
    }
}

impl RegistrationHalf {
    /// The record, from the server's answer.
    pub(crate) fn finish(self, username: &str, secret: &str, response: &[u8]) -> Vec<u8> {
        let client = format!("{username}@localhost");
        let parameters = ClientRegistrationFinishParameters::new(identifiers(&client), None);
        let response = RegistrationResponse::deserialize(response).unwrap();
        let finished = self
            .state
            .finish(&mut OsRng, secret.as_bytes(), response, parameters)
            .unwrap();
        finished.message.serialize().to_vec()
    }
}

/// A record that parses, of no registration that the server took part in.
pub(crate) fn register_record() -> Vec<u8> {
    let half = register_start("x");
    let setup = opaque_ke::ServerSetup::<Suite>::new(&mut OsRng);
    let request = opaque_ke::RegistrationRequest::deserialize(&half.request).unwrap();
    let answer = opaque_ke::ServerRegistration::<Suite>::start(&setup, request, b"x").unwrap();
    half.finish("x", "x", &answer.message.serialize())
}

impl LoginHalf {
    pub(crate) fn start(secret: &str) -> Self {
        let started = ClientLogin::<Suite>::start(&mut OsRng, secret.as_bytes()).unwrap();
        Self {
            state: started.state,
            ke1: started.message.serialize().to_vec(),
        }
    }

    /// KE3; none when the secret is wrong or the server is not who it was.
    pub(crate) fn finish(self, username: &str, secret: &str, ke2: &[u8]) -> Option<Vec<u8>> {
        let client = format!("{username}@localhost");
        let context: &[u8] = b"s-mail/v1/opaque";
        let parameters =
            ClientLoginFinishParameters::new(Some(context), identifiers(&client), None);
        let ke2 = CredentialResponse::deserialize(ke2).unwrap();
        let finished = self
            .state
            .finish(&mut OsRng, secret.as_bytes(), ke2, parameters)
            .ok()?;
        Some(finished.message.serialize().to_vec())
    }
}

fn identifiers(client: &str) -> Identifiers<'_> {
    Identifiers {
        client: Some(client.as_bytes()),
        server: Some(b"localhost"),
    }
}
