//! Adding and removing passkeys, in a session that has just logged in; and what one is to sign at a login.

use super::second_factor::{added, factor_view, new_codes};
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession, PageSite, PathId};
use crate::second_factor::passkey_site::NoPasskeySite;
use crate::second_factor::passkeys::{AddingPasskey, BeginError, ProvingPasskey, Refused};
use crate::store::{ChangeFactorError, Passkey, Store, StoreError};
use actix_web::web;
use smail_protocol::limits::MAX_PASSKEYS;
use smail_protocol::{
    AccountId, FactorAdded, PasskeyAskRequest, PasskeyAsked, PasskeyId, PasskeyStartResponse,
    PasskeyWriteRequest, Problem, ProblemCode, SecondFactorView, routes,
};

/// First step of adding a passkey: what the browser is to be asked for.
#[utoipa::path(
    post, path = routes::PASSKEYS, operation_id = "startPasskey", tag = "account", security(("session" = [])),
    responses(
        (status = 200, body = PasskeyStartResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn start(
    state: web::Data<AppState>,
    session: LoginSession,
    PageSite(site): PageSite,
) -> ApiResult<web::Json<PasskeyStartResponse>> {
    let now_ms = state.clock.now_ms();
    session.require_fresh(now_ms)?;
    let (account, site) = (session.account(), site?);
    let there = state
        .with_store(move |store| passkeys_of(store, account))
        .await?;
    if there.len() >= MAX_PASSKEYS {
        return Err(ChangeFactorError::TooManyPasskeys.into());
    }
    let passkey_id = PasskeyId::from_bytes(rand::random());
    let (adding, answer) = AddingPasskey::begin(account, site, passkey_id, &there)?;
    state.adding_passkeys.insert(passkey_id, adding, now_ms);
    Ok(web::Json(answer))
}

/// Second step: checks what the authenticator has made, and keeps the passkey. Begun in another session of the account it may
/// be, in another account it may not.
#[utoipa::path(
    put, path = routes::PASSKEY, operation_id = "putPasskey", tag = "account", security(("session" = [])),
    params(("passkey_id" = PasskeyId, Path)),
    request_body = PasskeyWriteRequest,
    responses(
        (status = 200, body = FactorAdded),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(passkey_id): PathId<PasskeyId>,
    Json(request): Json<PasskeyWriteRequest>,
) -> ApiResult<web::Json<FactorAdded>> {
    let now_ms = state.clock.now_ms();
    session.require_fresh(now_ms)?;
    let account = session.account();
    let adding = state
        .adding_passkeys
        .take(&passkey_id, now_ms)
        .filter(|adding| adding.account() == account)
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound))?;
    state
        .with_store(move |store| {
            let passkey = adding.finish(passkey_id, request, now_ms)?;
            let (codes, hashes) = new_codes(account);
            let takes_codes = store.add_passkey(account, &passkey, &hashes)?;
            added(store, account, if takes_codes { codes } else { Vec::new() })
        })
        .await
        .map(web::Json)
}

/// Removes a passkey; the recovery codes go with the last factor.
#[utoipa::path(
    delete, path = routes::PASSKEY, operation_id = "deletePasskey", tag = "account", security(("session" = [])),
    params(("passkey_id" = PasskeyId, Path)),
    responses(
        (status = 200, body = SecondFactorView),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(passkey_id): PathId<PasskeyId>,
) -> ApiResult<web::Json<SecondFactorView>> {
    session.require_fresh(state.clock.now_ms())?;
    state
        .with_store(move |store| {
            store.remove_passkey(session.account(), passkey_id)?;
            factor_view(store, session.account())
        })
        .await
        .map(web::Json)
}

/// What a passkey is to sign for a login that waits for its second factor. 404 when the account has none for the page that asks.
#[utoipa::path(
    post, path = routes::LOGIN_PASSKEY, operation_id = "loginPasskey", tag = "auth",
    request_body = PasskeyAskRequest,
    responses(
        (status = 200, body = PasskeyAsked),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn ask(
    state: web::Data<AppState>,
    PageSite(site): PageSite,
    Json(request): Json<PasskeyAskRequest>,
) -> ApiResult<web::Json<PasskeyAsked>> {
    let expired = || ApiError::new(ProblemCode::SecondFactorExpired);
    let (now_ms, id) = (state.clock.now_ms(), request.pending_login);
    let login = state
        .pending_logins
        .waiting(id, now_ms)
        .ok_or_else(expired)?;
    let site = site?;
    let passkeys = state
        .with_store(move |store| passkeys_of(store, login.account))
        .await?;
    let begun = ProvingPasskey::begin(site, &passkeys)?;
    let (proving, asked) = begun.ok_or_else(|| ApiError::new(ProblemCode::NotFound))?;
    if !state.pending_logins.ask_passkey(id, proving, now_ms) {
        return Err(expired());
    }
    Ok(web::Json(asked))
}

fn passkeys_of(store: &Store, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
    let factor = store.second_factor(account)?;
    Ok(factor.map_or_else(Vec::new, |factor| factor.passkeys))
}

impl From<NoPasskeySite> for ApiError {
    fn from(_: NoPasskeySite) -> Self {
        Self::invalid(
            "origin",
            "Passkeys need a page over https with a domain name, or one of localhost.",
        )
    }
}

impl From<BeginError> for ApiError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Site(error) => error.into(),
            BeginError::Kept(_) => Self::internal(&error),
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        tracing::debug!(%refused, "no passkey");
        Self::invalid("attestation", "This is not what was asked for.")
    }
}
