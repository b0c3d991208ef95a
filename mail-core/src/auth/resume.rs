//! Going on after a page load: the server keeps the account key sealed under a secret that never leaves the browser.

use super::exchange::ExchangeError;
use crate::account::{Account, owner};
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use smail_crypto_core::{AccountKey, ResumeSecret};
use smail_protocol::{Bytes, ProblemCode};

/// Why a session could not be taken up again. Logging in anew works.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// What this browser kept does not fit what the server kept.
    #[error("This browser's session could not be taken up again. Log in again.")]
    Stale,
    /// The exchange with the server failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl CodedError for ResumeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Stale => "resume-stale",
            Self::Exchange(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Stale => None,
            Self::Exchange(error) => error.retry_after_s(),
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes up the session of the transport's cookie. `None`: there is no session, or nothing was kept with it.
    ///
    /// # Errors
    /// [`ResumeError`].
    pub async fn resume(
        env: Env<T, R>,
        secret: &ResumeSecret,
    ) -> Result<Option<Self>, ResumeError> {
        let view = match env.account().await {
            Ok(view) => view,
            Err(error) if error.is(ProblemCode::NoSession) => return Ok(None),
            Err(error) => return Err(ExchangeError::from(error).into()),
        };
        let Some(resume) = &view.resume else {
            return Ok(None);
        };
        let key = AccountKey::unwrap_with_resume_secret(
            secret,
            owner(view.account_id),
            resume.as_slice(),
        )
        .map_err(|_| ResumeError::Stale)?;
        let domain = env.server_info().await.map_err(ExchangeError::from)?.domain;
        let account = Account::open(&view, &domain, key).map_err(ExchangeError::from)?;
        Ok(Some(
            Self::start(env, account, &view)
                .await
                .map_err(ExchangeError::from)?,
        ))
    }

    /// Leaves with the session what [`Client::resume`] needs.
    ///
    /// # Errors
    /// [`ResumeError`].
    pub async fn keep_for_resume(&self, secret: &ResumeSecret) -> Result<(), ResumeError> {
        let sealed = self
            .env
            .with_rng(|rng| {
                self.account
                    .key
                    .wrap_under_resume_secret(secret, self.account.owner(), rng)
            })
            .map_err(|_| ExchangeError::Device)?;
        let resume = Bytes::from(sealed);
        self.env
            .resume_write(resume.clone())
            .await
            .map_err(ExchangeError::from)?;
        self.memory.borrow_mut().resume = Some(resume);
        Ok(())
    }
}
