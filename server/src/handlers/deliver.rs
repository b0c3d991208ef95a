//! Delivery.

use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{Json, LoginSession};
use crate::store::DeliverError;
use actix_web::web;
use smail_protocol::limits::MAX_RECIPIENTS;
use smail_protocol::{DeliverRequest, DeliverResponse, Problem, ProblemCode, routes};

/// Delivers to all recipients and files the sender's copy, in one step, or does nothing.
#[utoipa::path(
    post, path = routes::DELIVER, operation_id = "deliver", tag = "mail", security(("session" = [])),
    request_body = DeliverRequest,
    responses(
        (status = 200, body = DeliverResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn deliver(
    state: web::Data<AppState>,
    session: LoginSession,
    Json(request): Json<DeliverRequest>,
) -> ApiResult<web::Json<DeliverResponse>> {
    check(&request)?;
    let now_ms = state.clock.now_ms();
    state
        .with_store(move |store| store.deliver(session.account(), &request, now_ms))
        .await
        .map(web::Json)
}

pub(super) fn check(request: &DeliverRequest) -> ApiResult<()> {
    validate::sealed("sent.sealed", &request.sent.sealed)?;
    validate::parts(&request.parts)?;
    if request
        .deliveries
        .iter()
        .any(|delivery| delivery.recipients.is_empty())
    {
        return Err(ApiError::invalid(
            "deliveries",
            "Each delivery has a recipient.",
        ));
    }
    let recipients: usize = request
        .deliveries
        .iter()
        .map(|delivery| delivery.recipients.len())
        .sum();
    if recipients > MAX_RECIPIENTS {
        return Err(ApiError::invalid(
            "deliveries",
            &format!("A message has at most {MAX_RECIPIENTS} recipients."),
        ));
    }
    Ok(())
}

impl From<DeliverError> for ApiError {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::UnknownRecipients(names) => Self::new(ProblemCode::UnknownRecipient)
                .field("deliveries")
                .with(|problem| problem.unknown = names.iter().map(ToString::to_string).collect()),
            DeliverError::RepeatedRecipient => {
                Self::invalid("deliveries", "Each recipient is named once.")
            }
            DeliverError::UnknownBlob => Self::new(ProblemCode::NotFound).field("blob_id"),
            DeliverError::UnknownPart => Self::new(ProblemCode::NotFound).field("parts"),
            DeliverError::NoMailbox => Self::new(ProblemCode::NotFound).field("sent.mailbox_id"),
            DeliverError::OverQuota => Self::new(ProblemCode::QuotaExceeded),
            DeliverError::RecipientsFull(names) => Self::new(ProblemCode::RecipientFull)
                .field("deliveries")
                .with(|problem| problem.full = names.iter().map(ToString::to_string).collect()),
            DeliverError::ItemExists => Self::new(ProblemCode::AlreadyExists).field("sent.item_id"),
            DeliverError::IdempotencyMismatch => {
                Self::new(ProblemCode::IdempotencyMismatch).field("idempotency_key")
            }
            DeliverError::Store(error) => error.into(),
        }
    }
}
