//! A new password or recovery code, in a session that has just logged in.

use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::{AppState, run_blocking};
use crate::extract::{Json, LoginSession, PathId};
use crate::opaque::Setup;
use crate::store::{SetCredentialError, StoreError};
use actix_web::{HttpResponse, web};
use smail_protocol::{
    CredentialKind, CredentialStartRequest, CredentialStartResponse, CredentialWriteRequest,
    Problem, ProblemCode, routes,
};
use std::str::FromStr;

/// A credential's kind as a path names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathKind(CredentialKind);

/// A path that names no kind of credential.
#[derive(Debug)]
pub(crate) struct UnknownKind;

impl FromStr for PathKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let kinds = [CredentialKind::Password, CredentialKind::Recovery];
        kinds
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .map(Self)
            .ok_or(UnknownKind)
    }
}

/// Answers the first OPAQUE message of a new credential. Keeps nothing.
#[utoipa::path(
    post, path = routes::CREDENTIAL_START, operation_id = "startCredential", tag = "account",
    params(("kind" = CredentialKind, Path, description = "Which credential")), security(("session" = [])),
    request_body = CredentialStartRequest,
    responses(
        (status = 200, body = CredentialStartResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn start(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(PathKind(kind)): PathId<PathKind>,
    Json(request): Json<CredentialStartRequest>,
) -> ApiResult<web::Json<CredentialStartResponse>> {
    session.require_fresh(state.clock.now_ms())?;
    let (store, opaque) = (state.store.clone(), state.opaque.clone());
    let registration_response = run_blocking(move || {
        let account = store
            .account(session.account())?
            .ok_or(StoreError::Corrupt)?;
        opaque
            .answer_registration(
                &account.username,
                kind,
                request.registration_request.as_slice(),
            )
            .map_err(|fault| ApiError::invalid("registration_request", &fault.to_string()))
    })
    .await?;
    Ok(web::Json(CredentialStartResponse {
        registration_response: registration_response.into(),
        ksf: state.info.ksf,
    }))
}

/// Replaces a credential. A new password ends the account's other sessions in the same step.
#[utoipa::path(
    put, path = routes::CREDENTIAL, operation_id = "putCredential", tag = "account",
    params(("kind" = CredentialKind, Path, description = "Which credential")), security(("session" = [])),
    request_body = CredentialWriteRequest,
    responses(
        (status = 204, description = "Replaced"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(PathKind(kind)): PathId<PathKind>,
    Json(mut credential): Json<CredentialWriteRequest>,
) -> ApiResult<HttpResponse> {
    session.require_fresh(state.clock.now_ms())?;
    validate::credential("", &credential)?;
    credential.registration_record = Setup::check_record(credential.registration_record.as_slice())
        .map_err(|fault| ApiError::invalid("registration_record", &fault.to_string()))?
        .into();
    let keep = match kind {
        CredentialKind::Password => Some(session.session.session_id),
        CredentialKind::Recovery => None,
    };
    state
        .with_store(move |store| store.set_credential(session.account(), kind, &credential, keep))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes the recovery code. A password cannot be removed.
#[utoipa::path(
    delete, path = routes::CREDENTIAL, operation_id = "deleteCredential", tag = "account",
    params(("kind" = CredentialKind, Path, description = "Recovery alone")), security(("session" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(PathKind(kind)): PathId<PathKind>,
) -> ApiResult<HttpResponse> {
    session.require_fresh(state.clock.now_ms())?;
    if kind == CredentialKind::Password {
        return Err(ApiError::method_not_allowed("PUT"));
    }
    let was_there = state
        .with_store(move |store| store.remove_recovery_credential(session.account()))
        .await?;
    if was_there {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(ApiError::new(ProblemCode::NotFound))
    }
}

impl From<SetCredentialError> for ApiError {
    fn from(error: SetCredentialError) -> Self {
        match error {
            SetCredentialError::NoAccount => Self::new(ProblemCode::NoSession),
            SetCredentialError::Store(error) => error.into(),
        }
    }
}
