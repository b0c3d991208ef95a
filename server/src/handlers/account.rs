//! Who is logged in.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::LoginSession;
use crate::session_cookie::clear_cookie;
use crate::store::{DeleteAccountError, Session, Store, StoreError};
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpResponse, web};
use smail_protocol::{AccountView, CredentialKind, Problem, ProblemCode, routes};

/// The account of the session that asks, with what its client needs to open it.
#[utoipa::path(
    get, path = routes::ACCOUNT, operation_id = "getAccount", tag = "account", security(("session" = [])),
    responses(
        (status = 200, body = AccountView),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn show(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<AccountView>> {
    state
        .with_store(move |store| account_view(store, &session.session))
        .await
        .map(web::Json)
}

/// Deletes the account and all that it holds, for good: its name is never given again. Asks for a fresh login. What is
/// out of reach from this answer on is removed from the disk right after it.
#[utoipa::path(
    delete, path = routes::ACCOUNT, operation_id = "deleteAccount", tag = "account", security(("session" = [])),
    responses(
        (status = 204, description = "Deleted; the session cookie is cleared"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<HttpResponse> {
    session.require_fresh(state.clock.now_ms())?;
    let account = session.account();
    state
        .with_store(move |store| store.delete_account(account))
        .await?;
    let store = state.store.clone();
    actix_web::rt::spawn(web::block(move || {
        if let Err(error) = store.finish_deletion(account) {
            tracing::warn!(
                cause = error.code(),
                "what is left of an account is left to the sweep"
            );
        }
    }));
    Ok(HttpResponse::NoContent()
        .insert_header((SET_COOKIE, clear_cookie()))
        .finish())
}

/// Puts together what a client needs to open the session's account.
pub(super) fn account_view(store: &Store, session: &Session) -> Result<AccountView, ApiError> {
    let account = store.account(session.account)?.ok_or(StoreError::Corrupt)?;
    // A recovery code that was removed meanwhile leaves its session the password's envelope.
    let credential = match store.credential(session.account, session.credential)? {
        Some(credential) => Some(credential),
        None => store.credential(session.account, CredentialKind::Password)?,
    };
    Ok(AccountView {
        account_id: account.account_id,
        username: account.username,
        session_id: session.session_id,
        wrapped_account_key: credential
            .ok_or(StoreError::Corrupt)?
            .credential
            .wrapped_account_key,
        sealed_keyring: account.sealed_keyring,
        certificate: account.certificate,
        inbox: account.inbox,
        has_recovery: account.has_recovery,
        has_second_factor: store
            .second_factor(session.account)?
            .is_some_and(|factor| factor.is_on()),
        resume: session.resume.clone(),
        seq: account.seq,
    })
}

impl From<DeleteAccountError> for ApiError {
    fn from(error: DeleteAccountError) -> Self {
        match error {
            DeleteAccountError::NoAccount => Self::new(ProblemCode::NoSession),
            DeleteAccountError::Store(error) => error.into(),
        }
    }
}
