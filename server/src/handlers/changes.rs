//! The change feed, by page.

use crate::api_error::ApiResult;
use crate::app_state::AppState;
use crate::extract::{LoginSession, Query, page_limit};
use actix_web::web;
use serde::Deserialize;
use smail_protocol::{ChangePage, Problem, routes};

/// From where in the feed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangesQuery {
    /// The cursor: changes after it are told; from the beginning without it.
    since: Option<u64>,
    /// Most changes in the page, 1 to 500; 50 without it.
    limit: Option<u32>,
}

/// The account's changes after a cursor, oldest first.
#[utoipa::path(
    get, path = routes::CHANGES, operation_id = "listChanges", tag = "changes", security(("session" = [])),
    params(ChangesQuery),
    responses(
        (status = 200, body = ChangePage),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn list(
    state: web::Data<AppState>,
    session: LoginSession,
    Query(query): Query<ChangesQuery>,
) -> ApiResult<web::Json<ChangePage>> {
    let (since, limit) = (query.since.unwrap_or_default(), page_limit(query.limit)?);
    state
        .with_store(move |store| store.changes(session.account(), since, limit))
        .await
        .map(web::Json)
}
