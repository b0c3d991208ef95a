//! Who is logged in.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::session_cookie::{SessionToken, TokenHash};
use crate::store::{Session, StoreError};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use smail_protocol::limits::FRESH_LOGIN_S;
use smail_protocol::{AccountId, ProblemCode, routes};
use std::future::{Ready, ready};

/// The live login session of the request's cookie, put there by
/// [`require_session`](crate::middleware::require_session) before anything else of the request is looked at.
#[derive(Debug)]
pub(crate) struct LoginSession {
    /// The session as kept.
    pub(crate) session: Session,
    /// What the store knows its token by.
    pub(crate) token_hash: TokenHash,
}

impl LoginSession {
    /// Whose session.
    #[must_use]
    pub(crate) fn account(&self) -> AccountId {
        self.session.account
    }

    /// Refuses when the login was too long ago to change credentials; or as far ahead, by a clock that was set back.
    ///
    /// # Errors
    /// 403 `fresh-login-required`.
    pub(crate) fn require_fresh(&self, now_ms: u64) -> ApiResult<()> {
        if now_ms.abs_diff(self.session.created_ms) <= FRESH_LOGIN_S * 1000 {
            Ok(())
        } else {
            Err(ApiError::new(ProblemCode::FreshLoginRequired))
        }
    }
}

impl FromRequest for LoginSession {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let session = request.extensions_mut().remove::<Self>();
        ready(session.ok_or_else(|| ApiError::new(ProblemCode::NoSession)))
    }
}

/// The live session of a request's cookie.
///
/// # Errors
/// 401 `no-session`, or what the store fails with.
pub(crate) async fn session_of(request: &HttpRequest) -> ApiResult<LoginSession> {
    let no_session = || ApiError::new(ProblemCode::NoSession);
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let state = state.ok_or_else(|| ApiError::new(ProblemCode::Internal))?;
    let token = SessionToken::from_headers(request.headers());
    let token_hash = token.ok_or_else(no_session)?.hash();
    let session = live_session(&state, token_hash).await?;
    let session = session
        .filter(|session| is_meant(request, session.account))
        .ok_or_else(no_session)?;
    Ok(LoginSession {
        session,
        token_hash,
    })
}

/// Whether the request is made for this account: for another, when a second log-in in the same browser has replaced the
/// cookie of a page that is still open.
fn is_meant(request: &HttpRequest, account: AccountId) -> bool {
    let named = request.headers().get(routes::ACCOUNT_HEADER);
    named.is_none_or(|named| {
        let named = named.to_str().ok().and_then(|named| named.parse().ok());
        named == Some(account)
    })
}

/// The session of a token, if it is live; notes that it is in use.
async fn live_session(state: &AppState, token_hash: TokenHash) -> ApiResult<Option<Session>> {
    let now_ms = state.clock.now_ms();
    state
        .with_store(move |store| {
            let session = store.session(&token_hash, now_ms)?;
            // A full disk must not keep anybody from reading.
            if session.is_some() && store.touch_session(&token_hash, now_ms).is_err() {
                tracing::debug!("a session's use could not be noted");
            }
            Ok::<_, StoreError>(session)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use smail_protocol::{CredentialKind, SessionId};

    #[test]
    fn a_login_is_fresh_for_a_while_on_either_side_of_now() {
        let created_ms = 1_790_000_000_000;
        let session = Session {
            session_id: SessionId::from_bytes([1; 16]),
            account: AccountId::from_bytes([1; 16]),
            credential: CredentialKind::Password,
            client: String::new(),
            created_ms,
            used_ms: created_ms,
            resume: None,
        };
        let login = LoginSession {
            session,
            token_hash: [0; 32],
        };
        let while_ms = FRESH_LOGIN_S * 1000;
        for now_ms in [created_ms - while_ms, created_ms, created_ms + while_ms] {
            assert!(login.require_fresh(now_ms).is_ok());
        }
        for now_ms in [created_ms - while_ms - 1, created_ms + while_ms + 1] {
            assert!(login.require_fresh(now_ms).is_err());
        }
    }
}
