//! Response fields that tell browsers what this origin never does.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

/// Content security policy of the page. Trusted Types: one policy of Svelte's for its own templates, one for the
/// worker's address, one for mail that was cleaned. It frames nothing but what is served here.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types svelte-trusted-html smail-worker smail-mail";

/// Content security policy of the empty frame that formatted mail is shown in, and so of the frame inside it, which inherits
/// it: no script, no request, styles and the pictures that came with the message alone.
pub const MAIL_FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// The same for a message whose reader has asked for the pictures that it refers to.
pub const REMOTE_MAIL_FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// Content security policy of the hidden frame that mail is parsed and cleaned in. What is parsed there is held against it, so
/// it takes styles; nothing there is shown, and the sandbox lets no script run.
pub const MAIL_LABORATORY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; \
    frame-ancestors 'self'; sandbox allow-same-origin";

/// Embedder policy of that frame: what it fetches elsewhere is fetched without cookies, and need not ask to be embedded.
pub const CREDENTIALLESS: &str = "credentialless";

/// Content security policy of the worker's script: it alone may compile WebAssembly.
pub const WORKER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types 'none'";

/// Content security policy of the service worker's script: it fetches the app's own files, and starts nothing.
pub const SERVICE_WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Content security policy of everything that is no page: it may do nothing, should a browser show it as one.
const INERT_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Powers that no page of this origin uses; but for passkeys, which its own pages alone may.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
    local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), \
    storage-access=(), usb=(), xr-spatial-tracking=()";

/// Says what a page may embed.
pub const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");

/// Fields of every response, whatever it is.
const ALWAYS: [(HeaderName, &str); 5] = [
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::PERMISSIONS_POLICY, PERMISSIONS),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Fields of a response that does not set its own.
const UNLESS_SET: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, INERT_POLICY),
    (EMBEDDER_POLICY, "require-corp"),
    (header::CACHE_CONTROL, "no-store"),
];

/// A year, as the preload lists ask for at least.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000";

/// How the server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Plain HTTP: for this machine alone, or behind a proxy that speaks TLS.
    Plain,
    /// TLS, by this server.
    Tls,
}

/// Middleware: puts the fields on every response, those of failures included.
///
/// # Errors
/// What the service inside fails with, its response with the fields too.
pub async fn add_security_headers<B: MessageBody>(
    transport: Transport,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    match next.call(request).await {
        Ok(mut response) => {
            set_fields(response.headers_mut(), transport);
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response| {
                set_fields(response.headers_mut(), transport);
                response
            });
            Err(error)
        }
    }
}

fn set_fields(headers: &mut HeaderMap, transport: Transport) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SET {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if transport == Transport::Tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(STRICT_TRANSPORT_SECURITY),
        );
    }
}
