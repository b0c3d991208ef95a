//! Errors over HTTP: problem details (RFC 9457) with a stable code.

use crate::{Item, StateObject};
use serde::{Deserialize, Serialize};

/// Every way the API says no. Stable: a client may branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProblemCode {
    /// 400: not JSON, or not of the request's shape.
    MalformedRequest,
    /// 400: the body is not what its `Content-Digest` says.
    DigestMismatch,
    /// 401: no session, or one that has ended.
    NoSession,
    /// 401: wrong user name, password or recovery code; which, is not told.
    LoginFailed,
    /// 401: not a proof of the second factor, or one that was used already.
    SecondFactorFailed,
    /// 401: the login waits for no second factor: its time is over, it has offered too many, or it has ended. Log in anew.
    SecondFactorExpired,
    /// 403: the request comes from another site.
    CrossSite,
    /// 403: log in again before changing credentials.
    FreshLoginRequired,
    /// 404: no such thing for this account.
    NotFound,
    /// 404: a recipient has no account here.
    UnknownRecipient,
    /// 405: the path does not take this method.
    MethodNotAllowed,
    /// 408: the body stopped arriving.
    RequestTimeout,
    /// 409: the name is taken.
    UsernameTaken,
    /// 409: the account id, item id or mailbox is in use.
    AlreadyExists,
    /// 409: written meanwhile by another session; the current object is in the problem.
    VersionConflict,
    /// 409: the mailbox is not empty, or is the inbox.
    MailboxInUse,
    /// 409: the idempotency key was used for a different request.
    IdempotencyMismatch,
    /// 413: larger than the limit in `limit_bytes`.
    TooLarge,
    /// 415: not the media type this path takes.
    UnsupportedMediaType,
    /// 422: a value that is well-formed JSON and not allowed; `field` names it.
    InvalidValue,
    /// 429: too many attempts; `retry_after_s` says when again.
    TooManyRequests,
    /// 500: the server's fault; the cause is in its log alone.
    Internal,
    /// 503: the store does not answer, or the server is going down.
    Unavailable,
    /// 507: the server's disk is full.
    StorageFull,
    /// 507: the account stores as much as it may.
    QuotaExceeded,
    /// 507: recipients store as much as they may; nothing was delivered to anybody. `full` names them.
    RecipientFull,
}

/// The name of the request's member that is at fault, in dotted form.
pub type FieldName = String;

/// Problem details, media type `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:s-mail:problem:` and the code.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The code alone.
    pub code: ProblemCode,
    /// One sentence for a person; the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What exactly, when there is more to say. Names no person and no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Which member of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// The limit that was passed, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<u64>,
    /// When to try again, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// On a version conflict over an item: the item as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_item: Option<Box<Item>>,
    /// On a version conflict over a state object: the object as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_state: Option<Box<StateObject>>,
    /// On `unknown-recipient`: the user names that are not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// On `recipient-full`: the user names that have no room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub full: Vec<String>,
}
