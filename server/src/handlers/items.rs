//! Items: listed by mailbox, read, written and removed by version.

use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession, PathId, Query, page_limit};
use crate::store::{DeleteItemError, ListItemsError, WriteItemError};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use smail_protocol::{
    Item, ItemId, ItemPage, ItemWriteRequest, MailboxId, Problem, ProblemCode, routes,
};

/// Which page of a mailbox.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// An earlier page's `next`; the first page without it.
    before: Option<String>,
    /// Most items in the page, 1 to 500; 50 without it.
    limit: Option<u32>,
}

/// The version that a removal is of.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionQuery {
    /// The version that is removed.
    pub(super) version: u64,
}

/// One page of a mailbox, latest arrival first.
#[utoipa::path(
    get, path = routes::MAILBOX_ITEMS, operation_id = "listItems", tag = "mail", security(("session" = [])),
    params(("mailbox_id" = MailboxId, Path, description = "Which mailbox"), PageQuery),
    responses(
        (status = 200, body = ItemPage),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn list(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(mailbox): PathId<MailboxId>,
    Query(query): Query<PageQuery>,
) -> ApiResult<web::Json<ItemPage>> {
    let limit = page_limit(query.limit)?;
    state
        .with_store(move |store| {
            store.item_page(session.account(), mailbox, query.before.as_deref(), limit)
        })
        .await
        .map(web::Json)
}

/// An item.
#[utoipa::path(
    get, path = routes::ITEM, operation_id = "getItem", tag = "mail", security(("session" = [])),
    params(("item_id" = ItemId, Path, description = "Which item")),
    responses(
        (status = 200, body = Item),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn show(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(item): PathId<ItemId>,
) -> ApiResult<web::Json<Item>> {
    let found = state
        .with_store(move |store| store.item(session.account(), item))
        .await?;
    found
        .map(web::Json)
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound))
}

/// Makes or replaces an item.
#[utoipa::path(
    put, path = routes::ITEM, operation_id = "putItem", tag = "mail", security(("session" = [])),
    params(("item_id" = ItemId, Path, description = "Which item")),
    request_body = ItemWriteRequest,
    responses(
        (status = 200, body = Item),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(item): PathId<ItemId>,
    Json(write): Json<ItemWriteRequest>,
) -> ApiResult<web::Json<Item>> {
    validate::sealed("sealed", &write.sealed)?;
    validate::parts(write.parts.as_deref().unwrap_or_default())?;
    let now_ms = state.clock.now_ms();
    state
        .with_store(move |store| store.put_item(session.account(), item, &write, now_ms))
        .await
        .map(web::Json)
}

/// Removes an item for good.
#[utoipa::path(
    delete, path = routes::ITEM, operation_id = "deleteItem", tag = "mail", security(("session" = [])),
    params(("item_id" = ItemId, Path, description = "Which item"), VersionQuery),
    responses(
        (status = 204, description = "Removed"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(item): PathId<ItemId>,
    Query(query): Query<VersionQuery>,
) -> ApiResult<HttpResponse> {
    state
        .with_store(move |store| store.delete_item(session.account(), item, query.version))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn conflict(current: Box<Item>) -> ApiError {
    ApiError::new(ProblemCode::VersionConflict).with(|problem| problem.current_item = Some(current))
}

impl From<ListItemsError> for ApiError {
    fn from(error: ListItemsError) -> Self {
        match error {
            ListItemsError::NoMailbox => Self::new(ProblemCode::NotFound),
            ListItemsError::MalformedCursor => {
                Self::invalid("before", "This is no cursor that a page gave.")
            }
            ListItemsError::Store(error) => error.into(),
        }
    }
}

impl From<WriteItemError> for ApiError {
    fn from(error: WriteItemError) -> Self {
        match error {
            WriteItemError::Conflict(current) => conflict(current),
            WriteItemError::NotFound => Self::new(ProblemCode::NotFound),
            WriteItemError::NoMailbox => Self::new(ProblemCode::NotFound).field("mailbox_id"),
            WriteItemError::UnknownBlob => Self::new(ProblemCode::NotFound).field("blob_id"),
            WriteItemError::UnknownPart => Self::new(ProblemCode::NotFound).field("parts"),
            WriteItemError::OverQuota => Self::new(ProblemCode::QuotaExceeded),
            WriteItemError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteItemError> for ApiError {
    fn from(error: DeleteItemError) -> Self {
        match error {
            DeleteItemError::Conflict(current) => conflict(current),
            DeleteItemError::NotFound => Self::new(ProblemCode::NotFound),
            DeleteItemError::Store(error) => error.into(),
        }
    }
}
