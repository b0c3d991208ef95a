//! New keys for the account, in a session that has just logged in.

use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession};
use crate::store::ReplaceKeysError;
use actix_web::{HttpResponse, web};
use smail_protocol::limits::MAX_CERTIFICATE_BYTES;
use smail_protocol::{KeysWriteRequest, Problem, ProblemCode, routes};

/// Replaces certificate and keyring together.
#[utoipa::path(
    put, path = routes::KEYS, operation_id = "putKeys", tag = "account", security(("session" = [])),
    request_body = KeysWriteRequest,
    responses(
        (status = 204, description = "Replaced"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    Json(request): Json<KeysWriteRequest>,
) -> ApiResult<HttpResponse> {
    session.require_fresh(state.clock.now_ms())?;
    let replaces = <[u8; 32]>::try_from(request.replaces.as_slice())
        .map_err(|_| ApiError::invalid("replaces", "A SHA-256 digest has 32 bytes."))?;
    validate::octets("certificate", &request.certificate, MAX_CERTIFICATE_BYTES)?;
    validate::sealed("sealed_keyring", &request.sealed_keyring)?;
    state
        .with_store(move |store| {
            let (certificate, keyring) = (&request.certificate, &request.sealed_keyring);
            store.replace_keys(session.account(), replaces, certificate, keyring)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<ReplaceKeysError> for ApiError {
    fn from(error: ReplaceKeysError) -> Self {
        match error {
            ReplaceKeysError::NoAccount => Self::new(ProblemCode::NoSession),
            ReplaceKeysError::Conflict => Self::new(ProblemCode::VersionConflict),
            ReplaceKeysError::Store(error) => error.into(),
        }
    }
}
