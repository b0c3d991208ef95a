//! How the API says no: problem details (RFC 9457), made in one place so that every refusal has the same shape.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use smail_protocol::{Problem, ProblemCode};
use std::fmt;

/// Media type of problem details (RFC 9457, section 6.1).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A refusal, as it goes to the client. Carries no cause: [`ApiError::internal`] logs that once and forgets it.
#[derive(Debug)]
pub struct ApiError {
    problem: Box<Problem>,
    allow: Option<String>,
}

/// Result of a handler or an extractor.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal with nothing more to say than its code.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        let (status, title) = status_and_title(code);
        let name = code_name(code);
        let problem = Problem {
            type_uri: format!("urn:s-mail:problem:{name}"),
            code,
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            field: None,
            limit_bytes: None,
            retry_after_s: None,
            current_item: None,
            current_state: None,
            unknown: Vec::new(),
            full: Vec::new(),
        };
        Self {
            problem: Box::new(problem),
            allow: None,
        }
    }

    /// 400: not JSON, or not of the request's shape. `detail` says how, and repeats nothing of the request.
    #[must_use]
    pub fn malformed(detail: &str) -> Self {
        Self::new(ProblemCode::MalformedRequest).detail(detail)
    }

    /// 422: the value of `field` is not allowed.
    #[must_use]
    pub fn invalid(field: &str, detail: &str) -> Self {
        Self::new(ProblemCode::InvalidValue)
            .field(field)
            .detail(detail)
    }

    /// 413: larger than `limit_bytes`.
    #[must_use]
    pub fn too_large(limit_bytes: u64) -> Self {
        let mut error = Self::new(ProblemCode::TooLarge);
        error.problem.limit_bytes = Some(limit_bytes);
        error
    }

    /// 429: to be tried again after `retry_after_s`.
    #[must_use]
    pub fn too_many_requests(retry_after_s: u64) -> Self {
        let mut error = Self::new(ProblemCode::TooManyRequests);
        error.problem.retry_after_s = Some(retry_after_s);
        error
    }

    /// 405: the path takes the methods `allow` alone (RFC 9110, section 15.5.6).
    #[must_use]
    pub fn method_not_allowed(allow: &str) -> Self {
        Self {
            allow: Some(allow.to_owned()),
            ..Self::new(ProblemCode::MethodNotAllowed)
        }
    }

    /// 500: logs the cause, once, and answers with a constant.
    #[must_use]
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        tracing::error!(cause = %Chain(cause), "a request failed by the server's fault");
        Self::new(ProblemCode::Internal)
    }

    /// Adds what exactly is wrong. Must name no person and no secret.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        self.problem.detail = Some(detail.to_owned());
        self
    }

    /// Adds which member of the request is at fault, in dotted form.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.problem.field = Some(field.to_owned());
        self
    }

    /// Lets the caller put in what only one code carries (a conflict's current object, unknown recipients).
    #[must_use]
    pub fn with(mut self, fill: impl FnOnce(&mut Problem)) -> Self {
        fill(&mut self.problem);
        self
    }

    /// What the client will read.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.title)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status_and_title(self.problem.code).0
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, PROBLEM_JSON));
        if let Some(allow) = &self.allow {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        if let Some(retry_after_s) = self.problem.retry_after_s {
            response.insert_header((header::RETRY_AFTER, retry_after_s));
        }
        match serde_json::to_vec(&self.problem) {
            Ok(body) => response.body(body),
            Err(_) => response.finish(),
        }
    }
}

/// An error and what caused it, on one line.
struct Chain<'a>(&'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// The code as it is on the wire.
fn code_name(code: ProblemCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::from("internal"),
    }
}

/// The status of a code, and its one sentence for a person.
fn status_and_title(code: ProblemCode) -> (StatusCode, &'static str) {
    use ProblemCode as Code;
    match code {
        Code::MalformedRequest => (
            StatusCode::BAD_REQUEST,
            "The request is not of the expected form.",
        ),
        Code::DigestMismatch => (
            StatusCode::BAD_REQUEST,
            "What arrived is not what was sent. Send it again.",
        ),
        Code::NoSession => (
            StatusCode::UNAUTHORIZED,
            "You are not logged in, or your session has ended.",
        ),
        Code::LoginFailed => (
            StatusCode::UNAUTHORIZED,
            "The user name or the password is wrong.",
        ),
        Code::SecondFactorFailed => (
            StatusCode::UNAUTHORIZED,
            "This code is wrong, or was used already.",
        ),
        Code::SecondFactorExpired => (
            StatusCode::UNAUTHORIZED,
            "This login is over. Log in again.",
        ),
        Code::CrossSite => (
            StatusCode::FORBIDDEN,
            "The request comes from another site.",
        ),
        Code::FreshLoginRequired => (
            StatusCode::FORBIDDEN,
            "Log in again before you change this.",
        ),
        Code::NotFound => (StatusCode::NOT_FOUND, "There is no such thing here."),
        Code::UnknownRecipient => (StatusCode::NOT_FOUND, "A recipient has no account here."),
        Code::MethodNotAllowed => (
            StatusCode::METHOD_NOT_ALLOWED,
            "This path does not take this method.",
        ),
        Code::RequestTimeout => (
            StatusCode::REQUEST_TIMEOUT,
            "The request stopped arriving. Send it again.",
        ),
        Code::UsernameTaken => (StatusCode::CONFLICT, "This user name is taken."),
        Code::AlreadyExists => (StatusCode::CONFLICT, "This id is in use."),
        Code::VersionConflict => (
            StatusCode::CONFLICT,
            "Another session has changed this meanwhile.",
        ),
        Code::MailboxInUse => (
            StatusCode::CONFLICT,
            "The mailbox is not empty, or takes arriving messages.",
        ),
        Code::IdempotencyMismatch => (
            StatusCode::CONFLICT,
            "This idempotency key was used for another request.",
        ),
        Code::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "This is larger than allowed.",
        ),
        Code::UnsupportedMediaType => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "This path takes another media type.",
        ),
        Code::InvalidValue => (StatusCode::UNPROCESSABLE_ENTITY, "A value is not allowed."),
        Code::TooManyRequests => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many attempts. Wait a little.",
        ),
        Code::Unavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is not ready. Try again soon.",
        ),
        Code::StorageFull => (
            StatusCode::INSUFFICIENT_STORAGE,
            "The server's storage is full.",
        ),
        Code::QuotaExceeded => (
            StatusCode::INSUFFICIENT_STORAGE,
            "Your account stores as much as it may.",
        ),
        Code::RecipientFull => (
            StatusCode::INSUFFICIENT_STORAGE,
            "A recipient's mailbox is full. Nothing was delivered.",
        ),
        _ => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server made a mistake.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_code_thrice() {
        let error = ApiError::too_many_requests(7);
        let problem = error.problem();
        assert_eq!(problem.type_uri, "urn:s-mail:problem:too-many-requests");
        assert_eq!(
            (problem.code, problem.status),
            (ProblemCode::TooManyRequests, 429)
        );
        assert_eq!(
            error
                .error_response()
                .headers()
                .get(header::RETRY_AFTER)
                .unwrap(),
            "7"
        );
    }

    #[test]
    fn an_internal_error_tells_the_client_nothing() {
        let problem = ApiError::internal(&std::io::Error::other("disk sda1 at /var/lib"))
            .problem()
            .clone();
        assert_eq!(
            problem,
            ApiError::new(ProblemCode::Internal).problem().clone()
        );
    }
}
