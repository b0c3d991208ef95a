//! Mailboxes: random ids, listed with their totals, made and removed.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{LoginSession, PathId};
use crate::store::{DeleteMailboxError, PutMailboxError};
use actix_web::{HttpResponse, web};
use smail_protocol::limits::MAX_MAILBOXES;
use smail_protocol::{MailboxId, MailboxList, Problem, ProblemCode, routes};

/// All mailboxes, each with the number of its items.
#[utoipa::path(
    get, path = routes::MAILBOXES, operation_id = "listMailboxes", tag = "mail", security(("session" = [])),
    responses(
        (status = 200, body = MailboxList),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn list(
    state: web::Data<AppState>,
    session: LoginSession,
) -> ApiResult<web::Json<MailboxList>> {
    state
        .with_store(move |store| store.mailboxes(session.account()))
        .await
        .map(web::Json)
}

/// Makes a mailbox; one that is there already is left as it is.
#[utoipa::path(
    put, path = routes::MAILBOX, operation_id = "putMailbox", tag = "mail",
    params(("mailbox_id" = MailboxId, Path, description = "Which mailbox")), security(("session" = [])),
    responses(
        (status = 204, description = "It is there"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn put(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(mailbox): PathId<MailboxId>,
) -> ApiResult<HttpResponse> {
    state
        .with_store(move |store| store.put_mailbox(session.account(), mailbox))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes an empty mailbox.
#[utoipa::path(
    delete, path = routes::MAILBOX, operation_id = "deleteMailbox", tag = "mail",
    params(("mailbox_id" = MailboxId, Path, description = "Which mailbox")), security(("session" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn delete(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(mailbox): PathId<MailboxId>,
) -> ApiResult<HttpResponse> {
    state
        .with_store(move |store| store.delete_mailbox(session.account(), mailbox))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<PutMailboxError> for ApiError {
    fn from(error: PutMailboxError) -> Self {
        match error {
            PutMailboxError::NoAccount => Self::new(ProblemCode::NoSession),
            PutMailboxError::TooMany => Self::invalid(
                "mailbox_id",
                &format!("An account has at most {MAX_MAILBOXES} mailboxes."),
            ),
            PutMailboxError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteMailboxError> for ApiError {
    fn from(error: DeleteMailboxError) -> Self {
        match error {
            DeleteMailboxError::NotFound => Self::new(ProblemCode::NotFound),
            DeleteMailboxError::InUse => Self::new(ProblemCode::MailboxInUse),
            DeleteMailboxError::Store(error) => error.into(),
        }
    }
}
