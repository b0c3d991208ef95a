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
    let (essence, charset) = stated_media_type(request);
    if !essence.eq_ignore_ascii_case(media_type) {
        return refuse(&format!("This path takes {media_type}."));
    }
    if charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        return refuse("This path takes text as UTF-8 alone.");
    }
    let mut codings = request.headers().get_all(CONTENT_ENCODING);
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return refuse("This path takes no content coding.");
    }
    Ok(())
}

/// What the request's body says that it is, and the `charset` it names. Other parameters are passed over.
fn stated_media_type(request: &HttpRequest) -> (&str, Option<&str>) {
    let stated = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = stated.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let charset = parts.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim_end().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    });
    (essence, charset)
}

/// The refusal for a body that broke off.
pub(crate) fn refuse_payload(error: &PayloadError) -> ApiError {
    tracing::debug!(%error, "a request body broke off");
    ApiError::malformed("The body ends before its length is reached.")
}
