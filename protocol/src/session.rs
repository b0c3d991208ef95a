//! Login sessions and the account they are of.

use crate::{AccountId, Bytes, MailboxId, SessionId, Username};
use serde::{Deserialize, Serialize};

/// The account of the session that asks, with all that its client needs to open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The account.
    pub account_id: AccountId,
    /// Its name.
    pub username: Username,
    /// This session.
    pub session_id: SessionId,
    /// The account key wrapped under the credential this session logged in with.
    pub wrapped_account_key: Bytes,
    /// The transferable secret keys, sealed.
    pub sealed_keyring: Bytes,
    /// The certificate in the key directory.
    pub certificate: Bytes,
    /// Where messages arrive.
    pub inbox: MailboxId,
    /// Whether a recovery code is set.
    pub has_recovery: bool,
    /// Whether a second factor is asked for at a login.
    pub has_second_factor: bool,
    /// What [`ResumeWriteRequest`] left here, if anything.
    pub resume: Option<Bytes>,
    /// The newest change of the account: where a client that now lists everything starts to listen.
    pub seq: u64,
}

/// Leaves a sealed envelope with the session. It goes when the session does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResumeWriteRequest {
    /// The account key, sealed under a key that never leaves the browser.
    pub resume: Bytes,
}

/// One login session of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The session.
    pub session_id: SessionId,
    /// Browser and system, as the User-Agent field tells, in a few words.
    pub client: String,
    /// When it logged in, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it was last used, in milliseconds since 1970, to the minute.
    pub used_ms: u64,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// All sessions of the account, latest used first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionList {
    /// The sessions.
    pub sessions: Vec<SessionView>,
}
