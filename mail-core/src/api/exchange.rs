//! One call: request out, answer in, problems and retries between.

use super::error::ApiError;
use super::retry::{Retry, wait_ms};
use crate::env::{Env, Randomness};
use crate::transport::{Body, HttpRequest, HttpResponse, Method, Transport};
use serde::{Serialize, de::DeserializeOwned};
use smail_protocol::limits::MAX_JSON_BYTES;
use smail_protocol::routes::ACCOUNT_HEADER;
use smail_protocol::{Problem, ProblemCode};

/// A call about to be made.
pub(super) struct Call {
    request: HttpRequest,
    retry: Retry,
}

impl Call {
    /// A call without a body.
    pub(super) fn new(method: Method, path: impl Into<String>, retry: Retry) -> Self {
        Self {
            request: HttpRequest {
                method,
                path: path.into(),
                headers: Vec::new(),
                body: Body::None,
            },
            retry,
        }
    }

    /// The same call with this value as its JSON body.
    pub(super) fn json(mut self, value: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(value).map_err(|_| ApiError::TooLarge)?;
        if body.len() > MAX_JSON_BYTES {
            return Err(ApiError::TooLarge);
        }
        self.request.body = Body::Json(body);
        Ok(self)
    }

    /// The same call with these octets as its body.
    pub(super) fn octets(mut self, octets: Vec<u8>) -> Self {
        self.request.body = Body::Octets(octets);
        self
    }
}

impl<T: Transport, R: Randomness> Env<T, R> {
    /// Makes the call; the answer's body as the type asked for.
    pub(super) async fn call<V: DeserializeOwned>(&self, call: Call) -> Result<V, ApiError> {
        let response = self.exchange(call).await?;
        serde_json::from_slice(&response.body).map_err(|_| ApiError::Garbled {
            status: response.status,
        })
    }

    /// Makes the call; the answer as it is. Its status is one of success.
    pub(super) async fn exchange(&self, call: Call) -> Result<HttpResponse, ApiError> {
        let Call { mut request, retry } = call;
        let meant = self.account_id().map(|account| account.to_string());
        let field = meant.map(|account| (ACCOUNT_HEADER, account));
        request.headers.extend(field);
        let mut attempt = 0;
        loop {
            let outcome = self.transport().send(request.clone()).await.ok();
            match self.with_rng(|rng| wait_ms(retry, attempt, outcome.as_ref(), rng)) {
                Some(ms) => self.transport().sleep(ms).await,
                None => return outcome.ok_or(ApiError::Offline).and_then(accept),
            }
            attempt += 1;
        }
    }
}

fn accept(response: HttpResponse) -> Result<HttpResponse, ApiError> {
    if (200..300).contains(&response.status) {
        return Ok(response);
    }
    let status = response.status;
    match serde_json::from_slice::<Problem>(&response.body) {
        Ok(mut problem) => {
            problem.status = status;
            problem.retry_after_s = problem.retry_after_s.or(response.retry_after_s);
            Err(ApiError::Refused(Box::new(problem)))
        }
        Err(_) => Err(without_problem(status, response.retry_after_s)),
    }
}

/// What a proxy or a server in trouble means when it answers without a problem document.
fn without_problem(status: u16, retry_after_s: Option<u64>) -> ApiError {
    let code = match status {
        413 => return ApiError::TooLarge,
        429 => ProblemCode::TooManyRequests,
        500 => ProblemCode::Internal,
        502..=504 => ProblemCode::Unavailable,
        _ => return ApiError::Garbled { status },
    };
    ApiError::Refused(Box::new(Problem {
        type_uri: String::new(),
        code,
        title: String::new(),
        status,
        detail: None,
        field: None,
        limit_bytes: None,
        retry_after_s,
        current_item: None,
        current_state: None,
        unknown: Vec::new(),
        full: Vec::new(),
    }))
}
