//! Authorisation before anything else: without a live session, no path for those logged in reads a body.

use super::cross_site::is_same_site;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::extract::{LoginSession, session_of};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, ResponseError as _, web};
use smail_protocol::{AccountId, ProblemCode};

/// Middleware of a route: answers 403 to another site's page, and 401 unless the request's cookie is of a live session,
/// which the handler then finds as [`LoginSession`]. (Extractors of one handler run side by side: were the session one
/// that looks for itself, a stranger's body would be read meanwhile.)
///
/// # Errors
/// What the service inside fails with.
pub(crate) async fn require_session<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match authorised(&request).await {
        Ok(session) => {
            request.extensions_mut().insert(session);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(refusal) => Ok(request
            .into_response(refusal.error_response())
            .map_into_right_body()),
    }
}

async fn authorised(request: &ServiceRequest) -> ApiResult<LoginSession> {
    if !is_same_site(request) {
        return Err(ApiError::new(ProblemCode::CrossSite));
    }
    let session = session_of(request.request()).await?;
    hold_back(request, session.account()).await?;
    Ok(session)
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
