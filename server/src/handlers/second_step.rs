//! The second step of a login: what is asked for once the password, or the recovery kit, was right.

use super::login::{open_session, session_before};
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{ClientOrigin, Json};
use crate::pending_logins::ProvenLogin;
use crate::second_factor::passkeys::ProvingPasskey;
use crate::second_factor::{recovery_codes, totp};
use crate::session_cookie::SessionToken;
use crate::store::{Store, StoreError};
use actix_web::{HttpRequest, HttpResponse, web};
use smail_protocol::limits::SECOND_FACTOR_S;
use smail_protocol::{
    AccountId, AccountView, FactorKind, FactorProof, LoginId, Problem, ProblemCode,
    SecondFactorAsked, SecondFactorRequest, routes,
};

/// Has a login wait for its second factor, if its account has one. A browser with a live session of the account has
/// proved it before, and is not asked again when it confirms the password.
pub(super) async fn asked(
    state: &AppState,
    request: &HttpRequest,
    login: &ProvenLogin,
) -> ApiResult<Option<SecondFactorAsked>> {
    let (account, now_ms) = (login.account, state.clock.now_ms());
    let before = SessionToken::from_headers(request.headers()).map(|token| token.hash());
    let kinds = state
        .with_store(move |store| {
            let kinds = kinds(store, account)?;
            let is_known = session_before(store, before, account, now_ms)?.is_some();
            Ok::<_, StoreError>(if is_known { Vec::new() } else { kinds })
        })
        .await?;
    if kinds.is_empty() {
        return Ok(None);
    }
    let pending_login = LoginId::from_bytes(rand::random());
    state
        .pending_logins
        .wait(pending_login, login.clone(), now_ms);
    Ok(Some(SecondFactorAsked {
        pending_login,
        kinds,
        expires_in_s: SECOND_FACTOR_S,
    }))
}

/// Checks a proof of the second factor and makes the session.
#[utoipa::path(
    post, path = routes::LOGIN_SECOND_FACTOR, operation_id = "loginSecondFactor", tag = "auth",
    request_body = SecondFactorRequest,
    responses(
        (status = 200, body = AccountView, description = "Logged in; the session cookie is set"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn prove(
    state: web::Data<AppState>,
    http_request: HttpRequest,
    ClientOrigin(origin): ClientOrigin,
    Json(request): Json<SecondFactorRequest>,
) -> ApiResult<HttpResponse> {
    let SecondFactorRequest {
        pending_login,
        proof,
    } = request;
    let now_ms = state.clock.now_ms();
    let expired = || ApiError::new(ProblemCode::SecondFactorExpired);
    let login = state
        .pending_logins
        .offer(pending_login, now_ms)
        .ok_or_else(expired)?;
    let account = login.account;
    let is_guessable = matches!(proof, FactorProof::Totp { .. });
    if is_guessable {
        state.rate_limits.code_guess(account, now_ms)?;
    }
    let is_passkey = matches!(proof, FactorProof::Passkey { .. });
    let asked = is_passkey.then(|| state.pending_logins.take_asked(pending_login, now_ms));
    let asked = asked.flatten();
    let is_proof = state
        .with_store(move |store| use_proof(store, account, &proof, asked, now_ms))
        .await?;
    if !is_proof {
        return Err(ApiError::new(ProblemCode::SecondFactorFailed));
    }
    if !state.pending_logins.end_waiting(pending_login, now_ms) {
        return Err(expired());
    }
    if is_guessable {
        state.rate_limits.code_was_right(account);
    }
    open_session(&state, &http_request, origin, login).await
}

/// What can prove the account's second factor; nothing when it has none.
fn kinds(store: &Store, account: AccountId) -> Result<Vec<FactorKind>, StoreError> {
    let Some(factor) = store.second_factor(account)?.filter(|it| it.is_on()) else {
        return Ok(Vec::new());
    };
    let has_codes = factor.recovery_codes_left > 0;
    let has_passkeys = !factor.passkeys.is_empty();
    let kinds = [
        has_passkeys.then_some(FactorKind::Passkey),
        factor.totp.map(|_| FactorKind::Totp),
        has_codes.then_some(FactorKind::RecoveryCode),
    ];
    Ok(kinds.into_iter().flatten().collect())
}

/// Whether it is a proof, which is used up by this.
fn use_proof(
    store: &Store,
    account: AccountId,
    proof: &FactorProof,
    asked: Option<ProvingPasskey>,
    now_ms: u64,
) -> Result<bool, StoreError> {
    match proof {
        FactorProof::Totp { code } => {
            let kept = store.second_factor(account)?.and_then(|factor| factor.totp);
            let step = kept
                .zip(totp::read_code(code))
                .and_then(|(totp, code)| totp::matching_step(&totp.secret, &code, now_ms));
            match step {
                Some(step) => store.use_totp_step(account, step),
                None => Ok(false),
            }
        }
        FactorProof::RecoveryCode { code } => match recovery_codes::hash(account, code) {
            Some(hash) => store.use_recovery_code(account, &hash),
            None => Ok(false),
        },
        FactorProof::Passkey { .. } => match asked {
            Some(asked) => use_passkey(store, account, proof, asked, now_ms),
            None => Ok(false),
        },
    }
}

/// Whether a passkey of the account has signed what was asked, of which a note is taken.
fn use_passkey(
    store: &Store,
    account: AccountId,
    proof: &FactorProof,
    asked: ProvingPasskey,
    now_ms: u64,
) -> Result<bool, StoreError> {
    let Some(factor) = store.second_factor(account)? else {
        return Ok(false);
    };
    match asked.finish(&factor.passkeys, proof) {
        Ok((passkey, state)) => store.use_passkey(account, passkey, state, now_ms),
        Err(refused) => {
            tracing::debug!(%refused, "no proof");
            Ok(false)
        }
    }
}
