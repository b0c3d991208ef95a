//! What every request body has in common: a media type and a limit.

use crate::api_error::ApiError;
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_TYPE;

/// Whether the request's body says that it is of this media type; parameters are passed over.
pub(crate) fn is_media_type(request: &HttpRequest, media_type: &str) -> bool {
    let stated = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(media_type)
}

/// The refusal for a body that broke off.
pub(crate) fn refuse_payload(error: &PayloadError) -> ApiError {
    tracing::debug!(%error, "a request body broke off");
    ApiError::malformed("The body ends before its length is reached.")
}
