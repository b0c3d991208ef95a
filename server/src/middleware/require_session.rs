//! Authorisation before anything else: without a live session, no path for those logged in reads a body.

use crate::extract::session_of;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, ResponseError as _};

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
            request.extensions_mut().insert(session);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(refusal) => Ok(request
            .into_response(refusal.error_response())
            .map_into_right_body()),
    }
}
