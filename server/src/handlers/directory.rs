//! The key directory: certificates of accounts here, for those who have one themselves.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession};
use actix_web::web;
use smail_protocol::limits::MAX_LOOKUP_NAMES;
use smail_protocol::{LookupRequest, LookupResponse, Problem, routes};

/// Certificates of the names that are here, and the names that are not.
#[utoipa::path(
    post, path = routes::DIRECTORY_LOOKUP, operation_id = "lookUp", tag = "directory", security(("session" = [])),
    request_body = LookupRequest,
    responses(
        (status = 200, body = LookupResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn look_up(
    state: web::Data<AppState>,
    _session: LoginSession,
    Json(request): Json<LookupRequest>,
) -> ApiResult<web::Json<LookupResponse>> {
    if request.usernames.len() > MAX_LOOKUP_NAMES {
        return Err(ApiError::invalid(
            "usernames",
            &format!("At most {MAX_LOOKUP_NAMES} names at once."),
        ));
    }
    state
        .with_store(move |store| store.certificates(&request.usernames))
        .await
        .map(web::Json)
}
