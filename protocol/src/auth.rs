//! Sign-up, login and credential change: OPAQUE (RFC 9807) messages in their wire form, and what is kept beside them.

use crate::{AccountId, Bytes, LoginId, MailboxId, Username};
use serde::{Deserialize, Serialize};

/// Which of an account's two credentials. Each is an OPAQUE record of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    /// The password.
    Password,
    /// The recovery code, when the person has made one.
    Recovery,
}

impl CredentialKind {
    /// The word in paths, in JSON and in OPAQUE credential identifiers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Recovery => "recovery",
        }
    }
}

/// Argon2id parameters of one credential's key stretching function (KSF). Kept per credential, so that they can rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KsfParameters {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

/// First step of sign-up: asks for a name, before anything about it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterStartRequest {
    /// The name wanted.
    pub username: Username,
    /// OPAQUE RegistrationRequest.
    pub registration_request: Bytes,
}

/// Answer to [`RegisterStartRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterStartResponse {
    /// OPAQUE RegistrationResponse.
    pub registration_response: Bytes,
    /// The parameters to stretch the password with.
    pub ksf: KsfParameters,
}

/// One credential, ready to be kept: OPAQUE's record and the account key wrapped under what only it can derive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WrappedCredential {
    /// OPAQUE RegistrationRecord.
    pub registration_record: Bytes,
    /// The parameters the password was stretched with.
    pub ksf: KsfParameters,
    /// The account key in a sealed envelope (kind: wrapped account key). Opaque to the server.
    pub wrapped_account_key: Bytes,
}

/// Second step of sign-up: makes the account, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterFinishRequest {
    /// The name wanted, as in the first step.
    pub username: Username,
    /// Made by the client: the envelopes below name it.
    pub account_id: AccountId,
    /// The password's credential.
    pub credential: WrappedCredential,
    /// The transferable public key for the key directory, binary.
    pub certificate: Bytes,
    /// The transferable secret keys in a sealed envelope (kind: keyring). Opaque to the server.
    pub sealed_keyring: Bytes,
    /// The account's mailboxes, in any order.
    pub mailboxes: Vec<MailboxId>,
    /// Which of them takes arriving messages.
    pub inbox: MailboxId,
}

/// First step of a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginStartRequest {
    /// Whose account.
    pub username: Username,
    /// By which credential.
    pub credential: CredentialKind,
    /// OPAQUE KE1.
    pub ke1: Bytes,
}

/// Answer to [`LoginStartRequest`]; has the same shape whether the account exists or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginStartResponse {
    /// Names this login in the second step.
    pub login_id: LoginId,
    /// OPAQUE KE2.
    pub ke2: Bytes,
    /// The parameters to stretch the password with.
    pub ksf: KsfParameters,
}

/// Second step of a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginFinishRequest {
    /// From the first step.
    pub login_id: LoginId,
    /// OPAQUE KE3.
    pub ke3: Bytes,
}

/// First step of setting a credential, in a session logged in within [`FRESH_LOGIN_S`](crate::limits::FRESH_LOGIN_S).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CredentialStartRequest {
    /// OPAQUE RegistrationRequest.
    pub registration_request: Bytes,
}

/// Answer to [`CredentialStartRequest`].
pub type CredentialStartResponse = RegisterStartResponse;

/// Second step of setting a credential: replaces it.
pub type CredentialWriteRequest = WrappedCredential;
