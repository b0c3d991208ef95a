//! Who is logged in.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::LoginSession;
use crate::store::{Session, Store, StoreError};
use actix_web::web;
use smail_protocol::{AccountView, CredentialKind, Problem, routes};

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
        resume: session.resume.clone(),
        seq: account.seq,
    })
}
