//! OPAQUE (RFC 9807), the client's side: registration and login by a password the server never learns.

use crate::error::Thrown;
use crate::held::Held;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use smail_crypto_core::opaque::{ClientLogin, ClientRegistration};
use smail_crypto_core::{Identity, Password};
use std::rc::Rc;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// Parameters of the key stretching function, Argon2id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KsfParameters {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl KsfParameters {
    fn checked(given: &Ts<Self>) -> Result<smail_crypto_core::KsfParameters, Thrown> {
        let Self {
            memory_kib,
            iterations,
            parallelism,
        } = given.to_rust()?;
        Ok(smail_crypto_core::KsfParameters::checked(
            memory_kib,
            iterations,
            parallelism,
        )?)
    }
}

/// A registration between its two steps. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OpaqueRegistration {
    begun: Held<(Password, ClientRegistration)>,
    request: Vec<u8>,
}

#[wasm_bindgen]
impl OpaqueRegistration {
    /// Begins a registration with a password.
    ///
    /// # Errors
    /// A password that is empty, too long or has forbidden characters.
    #[wasm_bindgen(constructor)]
    pub fn new(password: String) -> Result<Self, Thrown> {
        let password = Password::new(&Zeroizing::new(password))?;
        let (state, request) = ClientRegistration::start(&password, &mut OsRng)?;
        Ok(Self {
            begun: Held::new((password, state)),
            request,
        })
    }

    /// The registration request, for the server.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn request(&self) -> Vec<u8> {
        self.request.clone()
    }

    /// Ends the registration with the server's registration response. Takes about as long as a login.
    ///
    /// # Errors
    /// A malformed response, parameters out of bounds, and a second call.
    pub fn finish(
        &self,
        response: &[u8],
        username: &str,
        domain: &str,
        ksf: Ts<KsfParameters>,
    ) -> Result<OpaqueRegistered, Thrown> {
        let ksf = KsfParameters::checked(&ksf)?;
        let (password, state) = self.begun.take()?;
        let identity = Identity { username, domain };
        let registered = state.finish(&password, response, &identity, ksf, &mut OsRng)?;
        Ok(OpaqueRegistered {
            record: registered.record,
            export_key: Held::new(Rc::new(registered.export_key)),
        })
    }
}

/// A registration, done.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OpaqueRegistered {
    record: Vec<u8>,
    export_key: Held<Rc<smail_crypto_core::ExportKey>>,
}

#[wasm_bindgen]
impl OpaqueRegistered {
    /// The registration record, for the server to keep.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn record(&self) -> Vec<u8> {
        self.record.clone()
    }

    /// The key that the password gives and the server never sees.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(getter, js_name = exportKey)]
    pub fn export_key(&self) -> Result<ExportKey, Thrown> {
        ExportKey::shared(&self.export_key)
    }
}

/// A login between its two steps. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OpaqueLogin {
    begun: Held<(Password, ClientLogin)>,
    ke1: Vec<u8>,
}

#[wasm_bindgen]
impl OpaqueLogin {
    /// Begins a login with a password.
    ///
    /// # Errors
    /// A password that is empty, too long or has forbidden characters.
    #[wasm_bindgen(constructor)]
    pub fn new(password: String) -> Result<Self, Thrown> {
        let password = Password::new(&Zeroizing::new(password))?;
        let (state, ke1) = ClientLogin::start(&password, &mut OsRng)?;
        Ok(Self {
            begun: Held::new((password, state)),
            ke1,
        })
    }

    /// KE1, for the server.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ke1(&self) -> Vec<u8> {
        self.ke1.clone()
    }

    /// Ends the login with the server's KE2.
    ///
    /// # Errors
    /// A wrong password, a malformed KE2, parameters out of bounds, and a second call.
    pub fn finish(
        &self,
        ke2: &[u8],
        username: &str,
        domain: &str,
        ksf: Ts<KsfParameters>,
    ) -> Result<OpaqueLoggedIn, Thrown> {
        let ksf = KsfParameters::checked(&ksf)?;
        let (password, state) = self.begun.take()?;
        let identity = Identity { username, domain };
        let logged_in = state.finish(&password, ke2, &identity, ksf, &mut OsRng)?;
        Ok(OpaqueLoggedIn {
            ke3: logged_in.ke3,
            export_key: Held::new(Rc::new(logged_in.export_key)),
            session_key: Held::new(logged_in.session_key),
        })
    }
}

/// A login that the client has found to be right; the server has yet to see KE3.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OpaqueLoggedIn {
    ke3: Vec<u8>,
    export_key: Held<Rc<smail_crypto_core::ExportKey>>,
    session_key: Held<smail_crypto_core::SessionKey>,
}

#[wasm_bindgen]
impl OpaqueLoggedIn {
    /// KE3, for the server.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ke3(&self) -> Vec<u8> {
        self.ke3.clone()
    }

    /// The same export key as at registration.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(getter, js_name = exportKey)]
    pub fn export_key(&self) -> Result<ExportKey, Thrown> {
        ExportKey::shared(&self.export_key)
    }

    /// The key of this login that the server has too, once it has accepted KE3: 64 bytes, a copy, which is the caller's to
    /// keep safe.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(js_name = sessionKey)]
    pub fn session_key(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.session_key.get()?.to_bytes().to_vec())
    }
}

/// The key that a password gives and the server never sees: wraps the account key. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ExportKey(pub(crate) Held<Rc<smail_crypto_core::ExportKey>>);

impl ExportKey {
    fn shared(of: &Held<Rc<smail_crypto_core::ExportKey>>) -> Result<Self, Thrown> {
        Ok(Self(Held::new(Rc::clone(&*of.get()?))))
    }
}
