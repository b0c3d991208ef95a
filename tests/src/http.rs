//! HTTP to the server, one request at a time, with the session cookie kept between them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use smail_mail_core::transport::{Body, HttpRequest, HttpResponse, Transport, TransportError};
use std::cell::RefCell;
use std::future::{Future, ready};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer read, in bytes: above any blob.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// A connection to one server as one client: what a browser profile is to a person.
#[derive(Debug)]
pub struct Http {
    agent: ureq::Agent,
    origin: String,
    cookie: RefCell<Option<String>>,
}

impl Http {
    /// A client of the server at this origin, not logged in.
    #[must_use]
    pub fn to(origin: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .max_idle_connections(1)
            .build();
        Self {
            agent: config.into(),
            origin: origin.to_owned(),
            cookie: RefCell::default(),
        }
    }

    /// The same client of a server that has been started again elsewhere: its session goes with it.
    #[must_use]
    pub fn moved_to(&self, origin: &str) -> Self {
        let mut moved = Self::to(origin);
        moved.cookie.clone_from(&self.cookie);
        moved
    }

    /// The session's cookie, as a request's field has it.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        self.cookie.borrow().clone()
    }

    /// Sends one request with these header fields.
    ///
    /// # Errors
    /// [`TransportError::Offline`] when there is no answer.
    pub fn exchange(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> Result<HttpResponse, TransportError> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin));
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = self.cookie.borrow().as_ref() {
            request = request.header("cookie", cookie);
        }
        let request = request.body(body).map_err(|_| TransportError::Offline)?;
        let answer = self
            .agent
            .run(request)
            .map_err(|_| TransportError::Offline)?;
        self.read(answer)
    }

    fn read(
        &self,
        mut answer: ureq::http::Response<ureq::Body>,
    ) -> Result<HttpResponse, TransportError> {
        let field = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        if let Some(cookie) = field("set-cookie") {
            *self.cookie.borrow_mut() = cookie.split(';').next().map(str::to_owned);
        }
        Ok(HttpResponse {
            status: answer.status().as_u16(),
            content_type: field("content-type").unwrap_or_default(),
            retry_after_s: field("retry-after").and_then(|seconds| seconds.parse().ok()),
            body: answer
                .body_mut()
                .with_config()
                .limit(MAX_ANSWER_BYTES)
                .read_to_vec()
                .map_err(|_| TransportError::Offline)?,
        })
    }

    /// Sends JSON and reads JSON.
    ///
    /// # Errors
    /// No answer, an answer that is no success, one of another shape.
    pub fn json<Answer: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        value: &impl Serialize,
    ) -> anyhow::Result<Answer> {
        let body = serde_json::to_vec(value)?;
        let answer = self.exchange(method, path, &[("content-type", "application/json")], &body)?;
        successful(&answer)
    }

    /// Uploads octets and reads JSON.
    ///
    /// # Errors
    /// As [`Self::json`].
    pub fn octets<Answer: DeserializeOwned>(
        &self,
        path: &str,
        body: &[u8],
    ) -> anyhow::Result<Answer> {
        let answer = self.exchange(
            "POST",
            path,
            &[("content-type", "application/octet-stream")],
            body,
        )?;
        successful(&answer)
    }

    /// Asks for JSON.
    ///
    /// # Errors
    /// As [`Self::json`].
    pub fn get<Answer: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Answer> {
        successful(&self.exchange("GET", path, &[], &[])?)
    }
}

fn successful<Answer: DeserializeOwned>(answer: &HttpResponse) -> anyhow::Result<Answer> {
    let text = || String::from_utf8_lossy(&answer.body).into_owned();
    anyhow::ensure!(
        (200..300).contains(&answer.status),
        "status {}: {}",
        answer.status,
        text()
    );
    Ok(serde_json::from_slice(&answer.body)?)
}

/// Borrowed, so that a test can use the session that a client has opened.
impl Transport for &Http {
    fn send(
        &self,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse, TransportError>> {
        let mut fields: Vec<(&str, &str)> = request
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        fields.extend(
            request
                .body
                .media_type()
                .map(|media_type| ("content-type", media_type)),
        );
        let body: &[u8] = match &request.body {
            Body::None => &[],
            Body::Json(bytes) | Body::Octets(bytes) => bytes,
        };
        ready(self.exchange(request.method.as_str(), &request.path, &fields, body))
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> {
        std::thread::sleep(Duration::from_millis(ms.into()));
        ready(())
    }

    fn now_ms(&self) -> u64 {
        now_ms()
    }
}

/// The time, in milliseconds since 1970.
#[must_use]
pub fn now_ms() -> u64 {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}
