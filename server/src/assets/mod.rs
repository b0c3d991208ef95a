//! The web app's files, built into the program.
//!
//! A release build embeds `www/dist`; a debug build reads it from the source tree at each request. Beside a file there
//! may be its `.br` and `.gz` forms, one of which is sent to who takes it.

mod encoding;
mod media_type;

use crate::api_error::ApiError;
use crate::app_state::AppState;
use crate::middleware::{
    CREDENTIALLESS, EMBEDDER_POLICY, MAIL_FRAME_POLICY, MAIL_LABORATORY_POLICY, PAGE_POLICY,
    REMOTE_MAIL_FRAME_POLICY, SERVICE_WORKER_POLICY, WORKER_POLICY,
};
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use encoding::Encoding;
use rust_embed::{EmbeddedFile, RustEmbed};
use smail_protocol::ProblemCode;

#[derive(RustEmbed)]
#[folder = "../www/dist"]
#[allow_missing = true]
struct Dist;

/// The page that all of the app's own addresses show.
const PAGE: &str = "index.html";

/// What formatted mail is shown in: nothing, with a policy of its own.
const MAIL_FRAME: &str = "mail-frame.html";
/// The same for mail whose pictures are fetched where they are.
const REMOTE_MAIL_FRAME: &str = "remote-mail-frame.html";

/// The hidden frame that formatted mail is cleaned in.
const MAIL_LABORATORY: &str = "mail-laboratory.html";

/// The script by which browsers keep the app's files.
const SERVICE_WORKER: &str = "service-worker.js";

/// What stands in its place when browsers are to keep none: it deletes what they have kept, and answers nothing.
const NO_SERVICE_WORKER: &str = include_str!("no-service-worker.js");

/// Files here have a digest of themselves in their names: what a name stands for never changes.
const NAMED_BY_DIGEST: &str = "assets/";

/// What a server without its web app shows instead of it.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>S-Mail</title>\
    <h1>S-Mail</h1><p>This server was built without its web app. Build it with <code>cargo xtask build</code>.</p>";

/// Serves every path that is not the API's.
pub(crate) async fn serve(
    state: web::Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    let file = path.trim_start_matches('/');
    if path.starts_with("/api/")
        || !(is_page(path) || (!file.is_empty() && Dist::get(file).is_some()))
    {
        return Err(ApiError::new(ProblemCode::NotFound));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::method_not_allowed("GET, HEAD"));
    }
    let name = if is_page(path) { PAGE } else { file };
    if name == SERVICE_WORKER && !state.offline_app {
        return Ok(no_service_worker());
    }
    Ok(
        find(name, &request).map_or_else(not_built, |(found, encoding)| {
            respond(name, &request, found, encoding)
        }),
    )
}

/// The app's own addresses; what each shows is decided in the browser.
fn is_page(path: &str) -> bool {
    matches!(
        path,
        "/" | "/signup" | "/forgot" | "/mail" | "/contacts" | "/settings"
    ) || path.starts_with("/mail/")
        || path.starts_with("/contacts/")
        || path.starts_with("/settings/")
}

/// The file in the best form that the client takes and the build has made.
fn find(name: &str, request: &HttpRequest) -> Option<(EmbeddedFile, Encoding)> {
    let accepted = request
        .headers()
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    encoding::preferred(accepted).find_map(|encoding| {
        Dist::get(&format!("{name}{}", encoding.suffix())).map(|file| (file, encoding))
    })
}

fn respond(
    name: &str,
    request: &HttpRequest,
    file: EmbeddedFile,
    encoding: Encoding,
) -> HttpResponse {
    let etag = entity_tag(&file.metadata.sha256_hash());
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if known
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == etag)
    {
        return fields(StatusCode::NOT_MODIFIED, name, &etag).finish();
    }
    let mut response = fields(StatusCode::OK, name, &etag);
    response.insert_header((CONTENT_TYPE, media_type::of(name)));
    if let Some(coding) = encoding.content_coding() {
        response.insert_header((CONTENT_ENCODING, coding));
    }
    // For HEAD the connection leaves the body out and keeps its length.
    response.body(file.data.into_owned())
}

/// Fields that a full answer and a 304 share.
fn fields(status: StatusCode, name: &str, etag: &str) -> HttpResponseBuilder {
    let caching = if name.starts_with(NAMED_BY_DIGEST) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, caching));
    response.insert_header((VARY, "Accept-Encoding"));
    response.insert_header((ETAG, etag));
    if let Some(policy) = policy(name) {
        response.insert_header((CONTENT_SECURITY_POLICY, policy));
    }
    if name == REMOTE_MAIL_FRAME {
        response.insert_header((EMBEDDER_POLICY, CREDENTIALLESS));
    }
    response
}

/// The content security policy of a file that a browser shows or runs.
fn policy(name: &str) -> Option<&'static str> {
    match name {
        MAIL_FRAME => Some(MAIL_FRAME_POLICY),
        REMOTE_MAIL_FRAME => Some(REMOTE_MAIL_FRAME_POLICY),
        MAIL_LABORATORY => Some(MAIL_LABORATORY_POLICY),
        page if page.ends_with(".html") => Some(PAGE_POLICY),
        SERVICE_WORKER => Some(SERVICE_WORKER_POLICY),
        script if is_worker(script) => Some(WORKER_POLICY),
        _ => None,
    }
}

fn is_worker(name: &str) -> bool {
    name.ends_with(".js")
        && name
            .rsplit('/')
            .next()
            .is_some_and(|file| file.contains("worker"))
}

fn entity_tag(sha256: &[u8; 32]) -> String {
    let digits: String = sha256
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{digits}\"")
}

/// Browsers take it for a newer version of the script that they have.
fn no_service_worker() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_TYPE, media_type::of(SERVICE_WORKER)))
        .insert_header((CONTENT_SECURITY_POLICY, SERVICE_WORKER_POLICY))
        .body(NO_SERVICE_WORKER)
}

fn not_built() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .content_type("text/html; charset=utf-8")
        .body(NOT_BUILT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;
    use std::borrow::Cow;

    fn file(data: &'static [u8]) -> EmbeddedFile {
        let metadata = rust_embed::Metadata::__rust_embed_new([7; 32], None, None);
        EmbeddedFile {
            data: Cow::Borrowed(data),
            metadata,
        }
    }

    #[test]
    fn hashed_names_are_cached_for_good_and_the_page_never_blindly() {
        let request = TestRequest::get().to_http_request();
        let script = respond("assets/app-1a2b.js", &request, file(b"1"), Encoding::Brotli);
        assert_eq!(
            script.headers().get(CACHE_CONTROL).unwrap(),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(script.headers().get(CONTENT_ENCODING).unwrap(), "br");
        assert_eq!(script.headers().get(VARY).unwrap(), "Accept-Encoding");
        assert!(!script.headers().contains_key(CONTENT_SECURITY_POLICY));
        let page = respond(PAGE, &request, file(b"1"), Encoding::Identity);
        assert_eq!(page.headers().get(CACHE_CONTROL).unwrap(), "no-cache");
        assert_eq!(
            page.headers().get(CONTENT_SECURITY_POLICY).unwrap(),
            PAGE_POLICY
        );
        assert!(!page.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn the_worker_alone_may_compile_wasm() {
        let request = TestRequest::get().to_http_request();
        let worker = respond(
            "assets/worker-1a2b.js",
            &request,
            file(b"1"),
            Encoding::Identity,
        );
        assert!(
            worker
                .headers()
                .get(CONTENT_SECURITY_POLICY)
                .unwrap()
                .to_str()
                .unwrap()
                .contains("'wasm-unsafe-eval'")
        );
        assert!(!PAGE_POLICY.contains("unsafe"));
    }

    #[actix_web::test]
    async fn the_service_worker_may_fetch_and_nothing_else_and_can_be_called_back() {
        let request = TestRequest::get().to_http_request();
        let kept = respond(SERVICE_WORKER, &request, file(b"1"), Encoding::Identity);
        let none = no_service_worker();
        for response in [&kept, &none] {
            let field = |name| response.headers().get(name).unwrap().to_str().unwrap();
            assert_eq!(field(CONTENT_SECURITY_POLICY), SERVICE_WORKER_POLICY);
            assert_eq!(field(CACHE_CONTROL), "no-cache");
            assert!(field(CONTENT_TYPE).starts_with("text/javascript"));
        }
        assert!(!SERVICE_WORKER_POLICY.contains("unsafe"));
        let script = to_bytes(none.into_body()).await.unwrap();
        assert!(script.windows(13).any(|part| part == b"caches.delete"));
    }

    #[test]
    fn formatted_mail_is_framed_without_scripts_or_requests() {
        let request = TestRequest::get().to_http_request();
        let fields = |name| {
            let response = respond(name, &request, file(b"1"), Encoding::Identity);
            let text = |name| {
                response
                    .headers()
                    .get(name)
                    .map(|value| value.to_str().unwrap().to_owned())
            };
            (
                text(CONTENT_SECURITY_POLICY).unwrap(),
                text(EMBEDDER_POLICY),
            )
        };
        let (closed, remote) = (fields(MAIL_FRAME), fields(REMOTE_MAIL_FRAME));
        for (policy, _) in [&closed, &remote] {
            assert!(
                policy.starts_with("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
            );
            assert!(
                !policy.contains("script") && policy.contains("; sandbox allow-same-origin"),
                "{policy}"
            );
        }
        assert!(!closed.0.contains("https:") && remote.0.contains("https:"));
        assert_eq!(
            (closed.1, remote.1.as_deref()),
            (None, Some(CREDENTIALLESS))
        );
    }

    #[actix_web::test]
    async fn a_known_entity_tag_saves_the_body() {
        let etag = entity_tag(&[7; 32]);
        let request = TestRequest::get()
            .insert_header((IF_NONE_MATCH, format!("\"x\", W/{etag}")))
            .to_http_request();
        let response = respond("a.svg", &request, file(b"1"), Encoding::Identity);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert!(to_bytes(response.into_body()).await.unwrap().is_empty());
    }
}
