//! Requests that change something, and all that need a session, must come from this site's own pages.
//!
//! The session cookie is SameSite=Strict already; this is the second lock. Browsers say where a request comes from in
//! `Sec-Fetch-Site` (W3C Fetch Metadata), older ones in `Origin`. Programs that are no browsers send neither.

use crate::api_error::ApiError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderName, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError as _};
use smail_protocol::ProblemCode;

/// Middleware: answers 403 to a state-changing request from another site.
///
/// # Errors
/// What the service inside fails with.
pub async fn refuse_cross_site<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if request.method().is_safe() || is_same_site(&request) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let refusal = ApiError::new(ProblemCode::CrossSite).error_response();
    Ok(request.into_response(refusal).map_into_right_body())
}

/// Whether one of this site's own pages, or no page at all, makes the request.
pub(super) fn is_same_site(request: &ServiceRequest) -> bool {
    let field = |name: HeaderName| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    match field(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => field(ORIGIN)
            .is_none_or(|origin| Some(authority_of(origin)) == host(request).as_deref()),
    }
}

/// The part of an origin that a Host field holds too; empty for `null`.
fn authority_of(origin: &str) -> &str {
    origin
        .split_once("://")
        .map_or("", |(_, authority)| authority)
}

/// Host of HTTP/1.1, `:authority` of HTTP/2.
fn host(request: &ServiceRequest) -> Option<String> {
    let field = request
        .headers()
        .get(HOST)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    field.or_else(|| request.uri().authority().map(ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn same_site(fields: &[(&str, &str)]) -> bool {
        let request = fields.iter().fold(TestRequest::post(), |request, field| {
            request.insert_header(*field)
        });
        is_same_site(&request.to_srv_request())
    }

    #[test]
    fn fetch_metadata_decides_where_it_is_sent() {
        assert!(same_site(&[("sec-fetch-site", "same-origin")]));
        assert!(same_site(&[("sec-fetch-site", "none")]));
        assert!(!same_site(&[("sec-fetch-site", "same-site")]));
        assert!(!same_site(&[("sec-fetch-site", "cross-site")]));
        assert!(!same_site(&[("sec-fetch-site", "")]));
        assert!(!same_site(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://a"),
            ("host", "a")
        ]));
    }

    #[test]
    fn otherwise_the_origin_must_be_the_host() {
        assert!(same_site(&[
            ("origin", "https://mail.example:8443"),
            ("host", "mail.example:8443")
        ]));
        assert!(!same_site(&[
            ("origin", "https://mail.example"),
            ("host", "mail.example:8443")
        ]));
        assert!(!same_site(&[("origin", "null"), ("host", "mail.example")]));
        assert!(!same_site(&[
            ("origin", "https://evil.example"),
            ("host", "mail.example")
        ]));
        assert!(same_site(&[("host", "mail.example")]));
    }
}
