//! Which site's page makes a request, for passkeys alone.

use crate::second_factor::passkey_site::{NoPasskeySite, PasskeySite};
use actix_web::dev::Payload;
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::{FromRequest, HttpRequest};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The site of the page that asks: its `Origin`, which browsers send with all that changes something, else what a page over TLS
/// would have with this host.
#[derive(Debug)]
pub(crate) struct PageSite(pub(crate) Result<PasskeySite, NoPasskeySite>);

impl FromRequest for PageSite {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let origin = match headers.get(ORIGIN) {
            Some(origin) => origin.to_str().unwrap_or_default().to_owned(),
            None => {
                let host = headers.get(HOST).and_then(|host| host.to_str().ok());
                let host = host.or_else(|| request.uri().authority().map(|it| it.as_str()));
                format!("https://{}", host.unwrap_or_default())
            }
        };
        ready(Ok(Self(origin.parse())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    async fn site(fields: &[(&str, &str)]) -> Option<String> {
        let request = fields.iter().fold(TestRequest::post(), |request, field| {
            request.insert_header(*field)
        });
        let PageSite(site) = PageSite::extract(&request.to_http_request()).await.unwrap();
        site.ok().map(|site| site.origin().to_owned())
    }

    #[actix_web::test]
    async fn the_origin_decides_and_else_the_host() {
        let origin = ("origin", "http://localhost:8080");
        let host = ("host", "mail.example:8443");
        assert_eq!(site(&[origin, host]).await.as_deref(), Some(origin.1));
        let over_tls = "https://mail.example:8443";
        assert_eq!(site(&[host]).await.as_deref(), Some(over_tls));
        assert_eq!(site(&[("origin", "null"), host]).await, None);
        assert_eq!(site(&[("host", "127.0.0.1:8080")]).await, None);
    }
}
