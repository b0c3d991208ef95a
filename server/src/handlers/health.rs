//! Whether the server can do its work.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use actix_web::{HttpResponse, web};
use smail_protocol::{Problem, ProblemCode, routes};

/// Whether the store answers.
#[utoipa::path(
    get, path = routes::HEALTH, operation_id = "health", tag = "server",
    responses(
        (status = 200, body = String, content_type = "text/plain", description = "The server can do its work"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn health(state: web::Data<AppState>) -> ApiResult<HttpResponse> {
    if *state.going_down.borrow() {
        return Err(ApiError::new(ProblemCode::Unavailable));
    }
    // As it was found a second ago: so the answer comes at once even when the disk hangs.
    state.store.last_health()?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n"))
}
