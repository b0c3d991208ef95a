//! Login sessions: list, end one, end all others, and what a reload needs.

use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession, PathId, Query};
use crate::session_cookie::clear_cookie;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use smail_protocol::{
    Problem, ProblemCode, ResumeWriteRequest, SessionId, SessionList, SessionView, routes,
};

/// The account's live sessions, latest used first.
#[utoipa::path(
    get, path = routes::SESSIONS, operation_id = "listSessions", tag = "sessions", security(("session" = [])),
    responses(
        (status = 200, body = SessionList),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn list(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<SessionList>> {
    let now_ms = state.clock.now_ms();
    let current = session.session.session_id;
    let kept = state
        .with_store(move |store| store.sessions(session.account(), now_ms))
        .await?;
    let view = |kept: crate::store::Session| SessionView {
        session_id: kept.session_id,
        client: kept.client,
        created_ms: kept.created_ms,
        used_ms: kept.used_ms,
        current: kept.session_id == current,
    };
    Ok(web::Json(SessionList {
        sessions: kept.into_iter().map(view).collect(),
    }))
}

/// Which sessions are to end together.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndQuery {
    /// Whether the one that asks ends too.
    #[serde(default)]
    current: bool,
}

/// Ends all the account's sessions but the one that asks, or that one too.
#[utoipa::path(
    delete, path = routes::SESSIONS, operation_id = "endOtherSessions", tag = "sessions",
    params(("current" = Option<bool>, Query, description = "Whether the session that asks ends too")),
    security(("session" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn end_others(
    state: web::Data<AppState>,
    session: LoginSession,
    Query(EndQuery { current }): Query<EndQuery>,
) -> ApiResult<HttpResponse> {
    let (account, this) = (session.account(), session.session.session_id);
    state
        .with_store(move |store| match current {
            true => store.end_all_sessions(account),
            false => store.end_other_sessions(account, this),
        })
        .await?;
    let mut response = HttpResponse::NoContent();
    if current {
        response.insert_header((SET_COOKIE, clear_cookie()));
    }
    Ok(response.finish())
}

/// Ends one session of the account.
#[utoipa::path(
    delete, path = routes::SESSION, operation_id = "endSession", tag = "sessions",
    params(("session_id" = SessionId, Path, description = "Which session")), security(("session" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn end(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(session_id): PathId<SessionId>,
) -> ApiResult<HttpResponse> {
    let is_own = session.session.session_id == session_id;
    if !state
        .with_store(move |store| store.end_session(session.account(), session_id))
        .await?
    {
        return Err(ApiError::new(ProblemCode::NotFound));
    }
    let mut response = HttpResponse::NoContent();
    if is_own {
        response.insert_header((SET_COOKIE, clear_cookie()));
    }
    Ok(response.finish())
}

/// Leaves a sealed envelope with the session, for the browser's next page load.
#[utoipa::path(
    put, path = routes::RESUME, operation_id = "putResume", tag = "sessions", security(("session" = [])),
    request_body = ResumeWriteRequest,
    responses(
        (status = 204, description = "Kept"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put_resume(
    state: web::Data<AppState>,
    session: LoginSession,
    Json(request): Json<ResumeWriteRequest>,
) -> ApiResult<HttpResponse> {
    validate::sealed("resume", &request.resume)?;
    let is_kept = state
        .with_store(move |store| store.set_resume(&session.token_hash, &request.resume))
        .await?;
    if is_kept {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(ApiError::new(ProblemCode::NoSession))
    }
}
