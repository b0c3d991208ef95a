//! Authorisation before anything else: without a live session, no path for those logged in reads a body.

use crate::api_error::ApiResult;
use crate::app_state::AppState;
use crate::extract::session_of;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, ResponseError as _, web};
use smail_protocol::AccountId;

/// Middleware of a route: answers 401 unless the request's cookie is of a live session, which the handler then finds
/// as [`LoginSession`](crate::extract::LoginSession). (Extractors of one handler run side by side: were the session
/// one that looks for itself, a stranger's body would be read meanwhile.)
///
/// # Errors
/// What the service inside fails with.
pub(crate) async fn require_session<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match session_of(request.request()).await {
        Ok(session) => {
            if let Err(refusal) = hold_back(&request, session.account()).await {
                return Ok(request
                    .into_response(refusal.error_response())
                    .map_into_right_body());
            }
            request.extensions_mut().insert(session);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(refusal) => Ok(request
            .into_response(refusal.error_response())
            .map_into_right_body()),
    }
}

/// Delays an account that asks for much more than a person does.
async fn hold_back(request: &ServiceRequest, account: AccountId) -> ApiResult<()> {
    let Some(state) = request.app_data::<web::Data<AppState>>() else {
        return Ok(());
    };
    let attempt = state.rate_limits.request(account, state.clock.now_ms())?;
    if !attempt.delay.is_zero() {
        state.clock.sleep(attempt.delay).await;
    }
    Ok(())
}
