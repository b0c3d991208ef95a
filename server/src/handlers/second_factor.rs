//! Setting the second factor up, in a session that has just logged in.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession};
use crate::second_factor::{recovery_codes, totp};
use crate::store::{ChangeFactorError, Passkey, RecoveryCodeHash, SecondFactor, Store, Totp};
use actix_web::web;
use smail_protocol::limits::{MAX_TOTP_SECRET_BYTES, MIN_TOTP_SECRET_BYTES};
use smail_protocol::{
    AccountId, FactorAdded, PasskeyView, Problem, ProblemCode, SecondFactorView, TotpWriteRequest,
    routes,
};

/// The account's second factor.
#[utoipa::path(
    get, path = routes::SECOND_FACTOR, operation_id = "getSecondFactor", tag = "account", security(("session" = [])),
    responses(
        (status = 200, body = SecondFactorView),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn show(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<SecondFactorView>> {
    state
        .with_store(move |store| factor_view(store, session.account()))
        .await
        .map(web::Json)
}

/// Sets an authenticator app up, in place of one that there was. A code of it must prove that it has the secret.
#[utoipa::path(
    put, path = routes::TOTP, operation_id = "putTotp", tag = "account", security(("session" = [])),
    request_body = TotpWriteRequest,
    responses(
        (status = 200, body = FactorAdded),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put_totp(
    state: web::Data<AppState>,
    session: LoginSession,
    Json(request): Json<TotpWriteRequest>,
) -> ApiResult<web::Json<FactorAdded>> {
    let now_ms = state.clock.now_ms();
    session.require_fresh(now_ms)?;
    let len_bytes = request.secret.as_slice().len();
    if !(MIN_TOTP_SECRET_BYTES..=MAX_TOTP_SECRET_BYTES).contains(&len_bytes) {
        return Err(ApiError::invalid("secret", "A secret has 20 to 64 bytes."));
    }
    let code = totp::read_code(&request.code);
    let used_step =
        code.and_then(|code| totp::matching_step(request.secret.as_slice(), &code, now_ms));
    let kept = Totp {
        secret: request.secret.into_vec(),
        since_ms: now_ms,
        used_step: used_step.ok_or_else(|| {
            ApiError::invalid(
                "code",
                "This is not what an app with this secret shows now.",
            )
        })?,
    };
    state
        .with_store(move |store| {
            let (codes, hashes) = new_codes(session.account());
            let takes_codes = store.set_totp(session.account(), &kept, &hashes)?;
            let codes = if takes_codes { codes } else { Vec::new() };
            added(store, session.account(), codes)
        })
        .await
        .map(web::Json)
}

/// Removes the authenticator app; the recovery codes go with the last factor.
#[utoipa::path(
    delete, path = routes::TOTP, operation_id = "deleteTotp", tag = "account", security(("session" = [])),
    responses(
        (status = 200, body = SecondFactorView),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete_totp(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<SecondFactorView>> {
    session.require_fresh(state.clock.now_ms())?;
    state
        .with_store(move |store| {
            store.remove_totp(session.account())?;
            factor_view(store, session.account())
        })
        .await
        .map(web::Json)
}

/// Makes new recovery codes; those that there were are void.
#[utoipa::path(
    post, path = routes::RECOVERY_CODES, operation_id = "renewRecoveryCodes", tag = "account", security(("session" = [])),
    responses(
        (status = 200, body = FactorAdded),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn renew_recovery_codes(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<FactorAdded>> {
    session.require_fresh(state.clock.now_ms())?;
    state
        .with_store(move |store| {
            let (codes, hashes) = new_codes(session.account());
            store.set_recovery_codes(session.account(), &hashes)?;
            added(store, session.account(), codes)
        })
        .await
        .map(web::Json)
}

/// Recovery codes as they are shown, and as they are kept.
pub(super) fn new_codes(account: AccountId) -> (Vec<String>, Vec<RecoveryCodeHash>) {
    let codes = recovery_codes::make();
    let hashes = codes
        .iter()
        .filter_map(|code| recovery_codes::hash(account, code))
        .collect();
    (codes, hashes)
}

pub(super) fn added(
    store: &Store,
    account: AccountId,
    recovery_codes: Vec<String>,
) -> Result<FactorAdded, ApiError> {
    Ok(FactorAdded {
        second_factor: factor_view(store, account)?,
        recovery_codes,
    })
}

pub(super) fn factor_view(store: &Store, account: AccountId) -> Result<SecondFactorView, ApiError> {
    let factor = store.second_factor(account)?;
    Ok(
        factor.map_or_else(SecondFactorView::default, |factor: SecondFactor| {
            SecondFactorView {
                totp_since_ms: factor.totp.map(|totp| totp.since_ms),
                passkeys: factor.passkeys.iter().map(passkey_view).collect(),
                recovery_codes_left: u32::try_from(factor.recovery_codes_left).unwrap_or(u32::MAX),
            }
        }),
    )
}

fn passkey_view(passkey: &Passkey) -> PasskeyView {
    PasskeyView {
        passkey_id: passkey.passkey_id,
        added_ms: passkey.added_ms,
        used_ms: passkey.used_ms,
    }
}

impl From<ChangeFactorError> for ApiError {
    fn from(error: ChangeFactorError) -> Self {
        match error {
            ChangeFactorError::NoAccount => Self::new(ProblemCode::NoSession),
            ChangeFactorError::NoFactor => Self::new(ProblemCode::NotFound),
            ChangeFactorError::TooManyPasskeys => {
                Self::invalid("passkeys", "The account has as many passkeys as it may.")
            }
            ChangeFactorError::PasskeyThere => Self::new(ProblemCode::AlreadyExists),
            ChangeFactorError::Store(error) => error.into(),
        }
    }
}
