//! The ways to an open account: sign-up, log-in and recovery with what they ask for on the way, and a session taken up
//! again.

use super::client::MailClient;
use super::progress::reporter;
use super::records::{Credentials, Recovery};
use super::thrown;
use super::transport::{Env, WorkerTransport};
use crate::error::Thrown;
use js_sys::Function;
use rand::rngs::OsRng;
use smail_crypto_core::ResumeSecret;
use smail_mail_core::views::{FactorKind, SecondFactorAsked};
use smail_mail_core::{
    Client, LogIn, LogInOutcome, NotProved, PendingLogIn, Proof, Recover, SecondFactorError, SignUp,
};
use std::cell::RefCell;
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

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

/// A log-in that waits for its second factor.
type Pending = Box<PendingLogIn<WorkerTransport, OsRng>>;

/// A log-in, or a recovery, that has got as far as the password or the recovery code. `free()` wipes what it holds.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MailLogIn(RefCell<Option<LogInOutcome<WorkerTransport, OsRng>>>);

#[wasm_bindgen]
impl MailLogIn {
    /// Logs in by the password.
    ///
    /// # Errors
    /// A wrong name or password, too many attempts, no answer from the server.
    #[wasm_bindgen(js_name = byPassword)]
    pub async fn by_password(
        env: Env,
        who: Ts<Credentials>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Self, Thrown> {
        let Credentials { username, password } = &who.to_rust()?;
        let who = LogIn {
            username,
            password: password.expose(),
        };
        let outcome = Client::begin_log_in(surroundings(env), &who, reporter(progress)).await;
        Ok(Self(RefCell::new(Some(outcome.map_err(thrown)?))))
    }

    /// Logs in by the recovery code; the new password is set when the account is open.
    ///
    /// # Errors
    /// A mistyped or wrong code, a password that cannot be, no answer from the server.
    #[wasm_bindgen(js_name = byRecoveryCode)]
    pub async fn by_recovery_code(
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
        let outcome = Client::begin_recovery(surroundings(env), &who, reporter(progress)).await;
        Ok(Self(RefCell::new(Some(outcome.map_err(thrown)?))))
    }

    /// The open account, once; undefined while the second factor is asked for.
    #[must_use]
    pub fn client(&self) -> Option<MailClient> {
        let mut outcome = self.0.borrow_mut();
        match outcome.take()? {
            LogInOutcome::Open(client) => Some(MailClient(*client)),
            pending => {
                *outcome = Some(pending);
                None
            }
        }
    }

    /// What is asked for as the second factor, if anything is.
    ///
    /// # Errors
    /// None that is expected.
    pub fn asked(&self) -> Result<Option<Ts<SecondFactorAsked>>, Thrown> {
        Ok(match &*self.0.borrow() {
            Some(LogInOutcome::SecondFactor(pending)) => Some(pending.asked().into_ts()?),
            _ => None,
        })
    }

    /// Proves the second factor by a code and opens the account.
    ///
    /// # Errors
    /// A wrong code, one too many, no answer from the server.
    pub async fn prove(
        &self,
        kind: Ts<FactorKind>,
        code: String,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<MailClient, Thrown> {
        let code = Zeroizing::new(code);
        let proof = match kind.to_rust()? {
            FactorKind::RecoveryCode => Proof::RecoveryCode(&code),
            _ => Proof::Totp(&code),
        };
        self.prove_by(&proof, progress).await
    }
}

impl MailLogIn {
    /// Takes the log-in out while it waits for an answer; it is put back afterwards.
    pub(super) fn take_pending(&self) -> Result<Pending, Thrown> {
        let taken = self.0.borrow_mut().take();
        match taken {
            Some(LogInOutcome::SecondFactor(pending)) => Ok(pending),
            _ => Err(thrown(SecondFactorError::Expired)),
        }
    }

    pub(super) fn put_back(&self, pending: Pending) {
        *self.0.borrow_mut() = Some(LogInOutcome::SecondFactor(pending));
    }

    pub(super) async fn prove_by(
        &self,
        proof: &Proof<'_>,
        progress: Function,
    ) -> Result<MailClient, Thrown> {
        let pending = self.take_pending()?;
        match pending.prove(proof, reporter(progress)).await {
            Ok(client) => Ok(MailClient(client)),
            Err(NotProved { login, error }) => {
                *self.0.borrow_mut() = login.map(LogInOutcome::SecondFactor);
                Err(thrown(error))
            }
        }
    }
}

fn surroundings(env: Env) -> smail_mail_core::Env<WorkerTransport, OsRng> {
    smail_mail_core::Env::new(WorkerTransport::new(env), OsRng)
}

fn resume_secret(bytes: Vec<u8>) -> Result<ResumeSecret, Thrown> {
    let bytes = zeroize::Zeroizing::new(bytes);
    ResumeSecret::from_slice(&bytes).map_err(|error| Thrown::new(error.code(), error))
}
