//! Who is logged in.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::session_cookie::{SessionToken, TokenHash};
use crate::store::Session;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use smail_protocol::limits::FRESH_LOGIN_S;
use smail_protocol::{AccountId, ProblemCode};

/// The live login session of the request's cookie. A handler that takes it is for those who are logged in: others get
/// 401.
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

    /// Refuses when the login was too long ago to change credentials.
    ///
    /// # Errors
    /// 403 `fresh-login-required`.
    pub(crate) fn require_fresh(&self, now_ms: u64) -> ApiResult<()> {
        if now_ms.saturating_sub(self.session.created_ms) <= FRESH_LOGIN_S * 1000 {
            Ok(())
        } else {
            Err(ApiError::new(ProblemCode::FreshLoginRequired))
        }
    }
}

impl FromRequest for LoginSession {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let token_hash = SessionToken::from_headers(request.headers()).map(|token| token.hash());
        async move {
            let no_session = || ApiError::new(ProblemCode::NoSession);
            let state = state.ok_or_else(|| ApiError::new(ProblemCode::Internal))?;
            let token_hash = token_hash.ok_or_else(no_session)?;
            let session = live_session(&state, token_hash)
                .await?
                .ok_or_else(no_session)?;
            Ok(Self {
                session,
                token_hash,
            })
        }
        .boxed_local()
    }
}

/// The session of a token, if it is live; notes that it is in use.
///
/// # Errors
/// When the store fails.
pub(crate) async fn live_session(
    state: &AppState,
    token_hash: TokenHash,
) -> ApiResult<Option<Session>> {
    let now_ms = state.clock.now_ms();
    state
        .with_store(move |store| {
            let session = store.session(&token_hash, now_ms)?;
            if session.is_some() {
                store.touch_session(&token_hash, now_ms)?;
            }
            Ok::<_, crate::store::StoreError>(session)
        })
        .await
}
