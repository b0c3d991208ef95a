//! What every request body has in common: a media type and a limit.

use crate::api_error::{ApiError, ApiResult};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use smail_protocol::ProblemCode;

/// Refuses a body that says that it is of another media type, or coded (RFC 9110, section 8.4): limits count octets as
/// they arrive.
///
/// # Errors
/// [`ProblemCode::UnsupportedMediaType`].
pub(crate) fn check_media_type(request: &HttpRequest, media_type: &str) -> ApiResult<()> {
    let refuse = |why: &str| Err(ApiError::new(ProblemCode::UnsupportedMediaType).detail(why));
    if !is_media_type(request, media_type) {
        return refuse(&format!("This path takes {media_type}."));
    }
    let mut codings = request.headers().get_all(CONTENT_ENCODING);
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return refuse("This path takes no content coding.");
    }
    Ok(())
}

/// Whether the request's body says that it is of this media type; parameters are passed over.
fn is_media_type(request: &HttpRequest, media_type: &str) -> bool {
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
