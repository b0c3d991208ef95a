//! A net under the handlers: a panic costs one request a 500, and neither the connection nor the server.

use crate::api_error::ApiError;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use futures_util::FutureExt as _;
use smail_protocol::ProblemCode;
use std::panic::AssertUnwindSafe;

/// Middleware: turns a panic into the same answer as any fault of the server's. Where it happened is in the log, by
/// the panic hook. What the handler shared with others is behind locks that outlive a panic, or in the store, which
/// is all or nothing.
///
/// # Errors
/// What the service inside fails with, and 500 for a panic.
pub async fn catch_panics<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => Err(ApiError::new(ProblemCode::Internal).into()),
    }
}
