//! The one joint between this crate and the world: something that carries HTTP requests, waits, and knows the time.
//! In the browser's worker it is `fetch`; in tests it is a server in memory.

use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{AeadCall, ContainerCipher};
pub use smail_protocol::ItemId;
use std::future::Future;

/// Carries requests to the account's server. Cookies are the transport's: this crate never sees the session's secret.
pub trait Transport {
    /// Sends one request and waits for its whole answer.
    ///
    /// # Errors
    /// [`TransportError::Offline`] when no answer came. An answer with an error status is an answer.
    fn send(
        &self,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse, TransportError>>;

    /// Waits, before a request is tried again.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;

    /// The time now, in milliseconds since 1970.
    fn now_ms(&self) -> u64;

    /// Makes calls of AES-GCM, in any order; gives their outputs in the order of the calls. `None`: a tag does not fit,
    /// or what is to be sealed is too long. Made here unless the program knows somebody faster.
    fn aead(
        &self,
        cipher: &ContainerCipher,
        work: AeadWork,
        jobs: Vec<AeadJob>,
    ) -> impl Future<Output = Option<Vec<Plaintext>>> {
        let outputs = jobs.iter().map(|job| job.run(cipher, work)).collect();
        std::future::ready(outputs)
    }

    /// The SHA-256 of these octets, if the program knows somebody who computes it faster than this crate.
    fn sha256(&self, _octets: &[u8]) -> impl Future<Output = Option<[u8; 32]>> {
        std::future::ready(None)
    }

    /// Told before what a stranger wrote is taken apart for this item. A program that this ends, or that it keeps busy
    /// for good, learns so which message it was, and can have the next client set it aside: see
    /// [`Client::set_aside`](crate::Client::set_aside).
    fn opening(&self, _item: ItemId) {}

    /// Told when that is over, whatever came of it.
    fn opened(&self, _item: ItemId) {}
}

/// What is done with AES-GCM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AeadWork {
    /// Encrypted.
    Seal,
    /// Decrypted, if the tag fits.
    Open,
}

/// One call of AES-GCM with what it is made on. Secret when it seals.
pub struct AeadJob {
    /// The call; its input is all of this one's.
    pub call: AeadCall,
    /// The input.
    pub input: Plaintext,
}

impl AeadJob {
    /// The call on its part of `body`.
    #[must_use]
    pub fn new(call: AeadCall, body: &[u8]) -> Self {
        let input = body.get(call.input.clone()).unwrap_or_default().to_vec();
        let call = AeadCall {
            input: 0..input.len(),
            ..call
        };
        Self {
            call,
            input: Plaintext::new(input),
        }
    }

    /// Makes it here.
    #[must_use]
    pub fn run(&self, cipher: &ContainerCipher, work: AeadWork) -> Option<Plaintext> {
        match work {
            AeadWork::Seal => cipher.seal(&self.call, &self.input).map(Plaintext::new),
            AeadWork::Open => cipher.open(&self.call, &self.input),
        }
    }
}

impl std::fmt::Debug for AeadJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AeadJob(..)")
    }
}

/// A request's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Does, or makes.
    Post,
    /// Makes or replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method's name in RFC 9110.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What a request carries. Sealed, encrypted or public: never a secret in the clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// `application/json`.
    Json(Vec<u8>),
    /// `application/octet-stream`.
    Octets(Vec<u8>),
}

impl Body {
    /// The media type, when there is a body.
    #[must_use]
    pub const fn media_type(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Json(_) => Some("application/json"),
            Self::Octets(_) => Some("application/octet-stream"),
        }
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// Absolute path with its query.
    pub path: String,
    /// Header fields besides Content-Type, which follows from the body.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Body,
}

/// One answer, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code (RFC 9110, section 15).
    pub status: u16,
    /// Content-Type; empty when there is none.
    pub content_type: String,
    /// Retry-After in seconds, when it is given in seconds.
    pub retry_after_s: Option<u64>,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No answer came: no network, no such host, connection lost, aborted.
    #[error("no answer from the server")]
    Offline,
}
