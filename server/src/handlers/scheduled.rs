//! Messages that wait to be sent.

use super::deliver::check;
use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession, PathId};
use crate::store::{ScheduleError, SendScheduledError};
use actix_web::web;
use smail_protocol::limits::{MAX_SCHEDULE_MS, MAX_SCHEDULED};
use smail_protocol::{
    DeliverResponse, Item, ItemId, Problem, ProblemCode, ScheduleRequest, routes,
};

/// Writes an item and lets a delivery wait with it: it is made when its time has come, and the item goes then. Moving the
/// item, changing what it names or removing it calls the delivery off.
#[utoipa::path(
    put, path = routes::SCHEDULED, operation_id = "schedule", tag = "mail", security(("session" = [])),
    params(("item_id" = ItemId, Path, description = "The item that it waits with")),
    request_body = ScheduleRequest,
    responses(
        (status = 200, body = Item),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(item): PathId<ItemId>,
    Json(request): Json<ScheduleRequest>,
) -> ApiResult<web::Json<Item>> {
    validate::sealed("write.sealed", &request.write.sealed)?;
    validate::parts(request.write.parts.as_deref().unwrap_or_default())?;
    check(&request.delivery)?;
    if request.after_ms > MAX_SCHEDULE_MS {
        return Err(ApiError::invalid("after_ms", "At most a year."));
    }
    if request.delivery.draft.is_some() {
        return Err(ApiError::invalid(
            "delivery.draft",
            "The item that it waits with goes by itself.",
        ));
    }
    let now_ms = state.clock.now_ms();
    state
        .with_store(move |store| store.schedule(session.account(), item, &request, now_ms))
        .await
        .map(web::Json)
}

/// Sends at once what waits with an item.
#[utoipa::path(
    post, path = routes::SCHEDULED, operation_id = "sendScheduled", tag = "mail", security(("session" = [])),
    params(("item_id" = ItemId, Path, description = "The item that it waits with")),
    responses(
        (status = 200, body = DeliverResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn send(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(item): PathId<ItemId>,
) -> ApiResult<web::Json<DeliverResponse>> {
    let now_ms = state.clock.now_ms();
    state
        .with_store(move |store| store.send_scheduled(session.account(), item, now_ms))
        .await
        .map(web::Json)
}

impl From<ScheduleError> for ApiError {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::Delivery(error) => error.into(),
            ScheduleError::Item(error) => error.into(),
            ScheduleError::TooMany => Self::invalid(
                "after_ms",
                &format!("At most {MAX_SCHEDULED} messages wait to be sent."),
            ),
            ScheduleError::Store(error) => error.into(),
        }
    }
}

impl From<SendScheduledError> for ApiError {
    fn from(error: SendScheduledError) -> Self {
        match error {
            SendScheduledError::NotScheduled => Self::new(ProblemCode::NotFound),
            SendScheduledError::Delivery(error) => error.into(),
            SendScheduledError::Store(error) => error.into(),
        }
    }
}
