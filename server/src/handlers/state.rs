//! Sealed state objects, written and removed by version.

use super::items::VersionQuery;
use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession, PathId, Query};
use crate::store::WriteStateError;
use actix_web::{HttpResponse, web};
use smail_protocol::limits::MAX_STATE_OBJECTS;
use smail_protocol::{
    ObjectId, Problem, ProblemCode, StateObject, StatePage, StateWriteRequest, routes,
};

/// Every state object of the account.
#[utoipa::path(
    get, path = routes::STATES, operation_id = "listState", tag = "state", security(("session" = [])),
    responses(
        (status = 200, body = StatePage),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn list(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<StatePage>> {
    state
        .with_store(move |store| store.state_page(session.account()))
        .await
        .map(web::Json)
}

/// One state object.
#[utoipa::path(
    get, path = routes::STATE, operation_id = "getState", tag = "state", security(("session" = [])),
    params(("object_id" = ObjectId, Path, description = "Which object")),
    responses(
        (status = 200, body = StateObject),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn show(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(object): PathId<ObjectId>,
) -> ApiResult<web::Json<StateObject>> {
    let found = state
        .with_store(move |store| store.state_object(session.account(), object))
        .await?;
    found
        .map(web::Json)
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound))
}

/// Makes or replaces a state object.
#[utoipa::path(
    put, path = routes::STATE, operation_id = "putState", tag = "state", security(("session" = [])),
    params(("object_id" = ObjectId, Path, description = "Which object")),
    request_body = StateWriteRequest,
    responses(
        (status = 200, body = StateObject),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(object): PathId<ObjectId>,
    Json(write): Json<StateWriteRequest>,
) -> ApiResult<web::Json<StateObject>> {
    validate::sealed("sealed", &write.sealed)?;
    state
        .with_store(move |store| store.put_state(session.account(), object, &write))
        .await
        .map(web::Json)
}

/// Removes a state object.
#[utoipa::path(
    delete, path = routes::STATE, operation_id = "deleteState", tag = "state", security(("session" = [])),
    params(("object_id" = ObjectId, Path, description = "Which object"), VersionQuery),
    responses(
        (status = 204, description = "Removed"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(object): PathId<ObjectId>,
    Query(query): Query<VersionQuery>,
) -> ApiResult<HttpResponse> {
    state
        .with_store(move |store| store.delete_state(session.account(), object, query.version))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<WriteStateError> for ApiError {
    fn from(error: WriteStateError) -> Self {
        match error {
            WriteStateError::Conflict(current) => Self::new(ProblemCode::VersionConflict)
                .with(|problem| problem.current_state = Some(current)),
            WriteStateError::TooMany => Self::invalid(
                "object_id",
                &format!("An account has at most {MAX_STATE_OBJECTS} state objects."),
            ),
            WriteStateError::OverQuota => Self::new(ProblemCode::QuotaExceeded),
            WriteStateError::NotFound => Self::new(ProblemCode::NotFound),
            WriteStateError::Store(error) => error.into(),
        }
    }
}
