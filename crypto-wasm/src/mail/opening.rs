//! The ways to an open account: sign-up, log-in, recovery, and a session taken up again.

use super::client::MailClient;
use super::progress::reporter;
use super::records::{Credentials, Recovery};
use super::thrown;
use super::transport::{Env, WorkerTransport};
use crate::error::Thrown;
use js_sys::Function;
use rand::rngs::OsRng;
use smail_crypto_core::ResumeSecret;
use smail_mail_core::{Client, LogIn, Recover, SignUp};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Makes an account and opens it.
    ///
    /// # Errors
    /// A name or password that cannot be, a name that is taken, no answer from the server.
    #[wasm_bindgen(js_name = signUp)]
    pub async fn sign_up(
        env: Env,
        who: Ts<Credentials>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Self, Thrown> {
        let Credentials { username, password } = &who.to_rust()?;
        let who = SignUp {
            username,
            password: password.expose(),
        };
        Ok(Self(
            Client::sign_up(surroundings(env), &who, reporter(progress))
                .await
                .map_err(thrown)?,
        ))
    }

    /// Opens an account by its password.
    ///
    /// # Errors
    /// A wrong name or password, too many attempts, no answer from the server.
    #[wasm_bindgen(js_name = logIn)]
    pub async fn log_in(
        env: Env,
        who: Ts<Credentials>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Self, Thrown> {
        let Credentials { username, password } = &who.to_rust()?;
        let who = LogIn {
            username,
            password: password.expose(),
        };
        Ok(Self(
            Client::log_in(surroundings(env), &who, reporter(progress))
                .await
                .map_err(thrown)?,
        ))
    }

    /// Opens an account by its recovery code and sets a new password.
    ///
    /// # Errors
    /// A mistyped or wrong code, a password that cannot be, no answer from the server.
    pub async fn recover(
        env: Env,
        who: Ts<Recovery>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Self, Thrown> {
        let Recovery {
            username,
            recovery_code,
            new_password,
        } = &who.to_rust()?;
        let who = Recover {
            username,
            recovery_code: recovery_code.expose(),
            new_password: new_password.expose(),
        };
        Ok(Self(
            Client::recover(surroundings(env), &who, reporter(progress))
                .await
                .map_err(thrown)?,
        ))
    }

    /// Takes up the session of the browser's cookie with the 32-byte secret that [`MailClient::keep_for_resume`] was
    /// given. Undefined when there is no session, or nothing was kept with it.
    ///
    /// # Errors
    /// What was kept does not fit, or no answer from the server.
    pub async fn resume(env: Env, secret: Vec<u8>) -> Result<Option<Self>, Thrown> {
        let secret = resume_secret(secret)?;
        Ok(Client::resume(surroundings(env), &secret)
            .await
            .map_err(thrown)?
            .map(Self))
    }

    /// Leaves with the session, sealed under a 32-byte secret, what [`MailClient::resume`] needs.
    ///
    /// # Errors
    /// No answer from the server, or the session has ended.
    #[wasm_bindgen(js_name = keepForResume)]
    pub async fn keep_for_resume(&self, secret: Vec<u8>) -> Result<(), Thrown> {
        let secret = resume_secret(secret)?;
        self.0.keep_for_resume(&secret).await.map_err(thrown)
    }
}

fn surroundings(env: Env) -> smail_mail_core::Env<WorkerTransport, OsRng> {
    smail_mail_core::Env::new(WorkerTransport::new(env), OsRng)
}

fn resume_secret(bytes: Vec<u8>) -> Result<ResumeSecret, Thrown> {
    let bytes = zeroize::Zeroizing::new(bytes);
    ResumeSecret::from_slice(&bytes).map_err(|error| Thrown::new(error.code(), error))
}
