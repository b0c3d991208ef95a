//! One log line a request: what was asked in kind, what came of it, how long it took. No path, no address, no name.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use std::time::Instant;
use tracing::Instrument as _;

/// The request id's field in the response, so that a person can name a request to the operator.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: runs the request in a span with a random id, and logs its end.
///
/// # Errors
/// What the service inside fails with.
pub async fn log_request<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let request_id = format!("{:016x}", rand::random::<u64>());
    let span = tracing::info_span!("request", id = %request_id, method = %request.method());
    async move {
        let started = Instant::now();
        let mut answer = next.call(request).await;
        let (status, route) = match &answer {
            Ok(response) => (response.status(), response.request().match_pattern()),
            Err(error) => (error.as_response_error().status_code(), None),
        };
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            route = route.as_deref().unwrap_or("file"),
            status = status.as_u16(),
            took_ms,
            "answered"
        );
        if let (Ok(response), Ok(value)) = (&mut answer, HeaderValue::from_str(&request_id)) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        answer
    }
    .instrument(span)
    .await
}
