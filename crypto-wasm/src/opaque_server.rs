//! OPAQUE (RFC 9807), the server's side: registration and login of people whose passwords it never learns.

use crate::error::Thrown;
use crate::held::Held;
use rand::rngs::OsRng;
use smail_opaque_server::{Identities, ServerLogin, ServerSetup};
use wasm_bindgen::prelude::wasm_bindgen;

/// An OPAQUE server's long-term keys. Secret. Losing them voids every registration.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OpaqueServer(Held<ServerSetup>);

#[wasm_bindgen]
impl OpaqueServer {
    /// Makes new keys, once for a server. Keep what [`OpaqueServer::to_bytes`] gives.
    ///
    /// # Errors
    /// None that is expected.
    pub fn generate() -> Result<Self, Thrown> {
        Self::from_bytes(&ServerSetup::generate(&mut OsRng))
    }

    /// Reads keys that were made before.
    ///
    /// # Errors
    /// Something else.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Thrown> {
        let setup = ServerSetup::from_bytes(bytes, &mut OsRng)?;
        Ok(Self(Held::new(setup)))
    }

    /// The keys in the clear, to be kept: a copy, which is the caller's to keep safe.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.0.get()?.to_bytes().to_vec())
    }

    /// Answers a registration request: gives the registration response. A change of password is a registration too: let
    /// nobody register for an account but who is logged in to it.
    ///
    /// The name is the credential identifier (RFC 9807, section 6.1.1): no two accounts of this setup may have one name. A
    /// server of several domains gives each domain a setup of its own.
    ///
    /// # Errors
    /// A malformed request.
    #[wasm_bindgen(js_name = answerRegistration)]
    pub fn answer_registration(&self, username: &str, request: &[u8]) -> Result<Vec<u8>, Thrown> {
        let setup = self.0.get()?;
        Ok(setup.answer_registration(username.as_bytes(), request)?)
    }

    /// Checks the registration record that the client sends at the end of a registration; gives what to keep with the
    /// account.
    ///
    /// # Errors
    /// A malformed record.
    #[wasm_bindgen(js_name = checkRecord)]
    pub fn check_record(record: &[u8]) -> Result<Vec<u8>, Thrown> {
        Ok(ServerSetup::check_record(record)?)
    }

    /// Answers KE1. For a name that is not there, leave the record out: it costs the same and looks the same.
    ///
    /// # Errors
    /// A malformed KE1, a malformed record.
    #[wasm_bindgen(js_name = startLogin)]
    pub fn start_login(
        &self,
        username: &str,
        domain: &str,
        ke1: &[u8],
        record: Option<Vec<u8>>,
    ) -> Result<OpaqueServerLogin, Thrown> {
        let address = format!("{username}@{domain}");
        let identities = Identities {
            client: address.as_bytes(),
            server: domain.as_bytes(),
        };
        let setup = self.0.get()?;
        let record = record.as_deref();
        let name = username.as_bytes();
        let (state, ke2) = setup.start_login(name, &identities, record, ke1, &mut OsRng)?;
        Ok(OpaqueServerLogin {
            state: Held::new(state),
            ke2,
        })
    }
}

/// A login between KE2 and KE3, on the server. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OpaqueServerLogin {
    state: Held<ServerLogin>,
    ke2: Vec<u8>,
}

#[wasm_bindgen]
impl OpaqueServerLogin {
    /// KE2, for the client.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ke2(&self) -> Vec<u8> {
        self.ke2.clone()
    }

    /// Checks the client's KE3; gives the session key that the client has too: 64 bytes, a copy, which is the caller's to
    /// keep safe.
    ///
    /// # Errors
    /// Anything but the KE3 that the right password makes, and a second call.
    pub fn finish(&self, ke3: &[u8]) -> Result<Vec<u8>, Thrown> {
        Ok(self.state.take()?.finish(ke3)?.to_vec())
    }
}
