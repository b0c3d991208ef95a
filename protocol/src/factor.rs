//! The second factor: what a login asks for besides the password or the recovery kit, and how that is set up.

use crate::{Bytes, LoginId, PasskeyId};
use serde::{Deserialize, Serialize};

/// What can prove a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FactorKind {
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// One of the recovery codes that were shown when the second factor was set up.
    RecoveryCode,
    /// A passkey (Web Authentication).
    Passkey,
}

/// Answer, with status 202, to a [`LoginFinishRequest`](crate::LoginFinishRequest) that was right, of an account that
/// has a second factor: there is no session yet, and nothing of the account is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorAsked {
    /// Names this login in [`SecondFactorRequest`]. Secret: it stands for the password that was right.
    pub pending_login: LoginId,
    /// What will do.
    pub kinds: Vec<FactorKind>,
    /// The time there is for it, in seconds.
    pub expires_in_s: u64,
}

/// Last step of a login with a second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRequest {
    /// From [`SecondFactorAsked`].
    pub pending_login: LoginId,
    /// The proof.
    pub proof: FactorProof,
}

/// A proof of the second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FactorProof {
    /// What the authenticator app shows.
    Totp {
        /// Six digits.
        code: String,
    },
    /// A recovery code, which is used up by it.
    RecoveryCode {
        /// The code; case, blanks and hyphens do not matter.
        code: String,
    },
    /// What a passkey has signed (Web Authentication, section 5.2.2).
    Passkey {
        /// Which one, as its authenticator names it.
        credential_id: Bytes,
        /// What the browser had it sign: the challenge and the page's origin, as JSON.
        client_data: Bytes,
        /// What the authenticator says of itself.
        authenticator_data: Bytes,
        /// The signature over both.
        signature: Bytes,
        /// The user handle, where the authenticator keeps it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_handle: Option<Bytes>,
    },
}

/// Redacted: a code logs in.
impl std::fmt::Debug for FactorProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Totp { .. } => "Totp(..)",
            Self::RecoveryCode { .. } => "RecoveryCode(..)",
            Self::Passkey { .. } => "Passkey(..)",
        })
    }
}

/// Sets up an authenticator app, in place of one that there was.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TotpWriteRequest {
    /// The secret that app and server share, made by the client: 20 to 64 bytes.
    pub secret: Bytes,
    /// What the app shows with it: proof that it has it.
    pub code: String,
}

/// Redacted: holds the secret.
impl std::fmt::Debug for TotpWriteRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpWriteRequest(..)")
    }
}

/// The account's second factor, as its owner is told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorView {
    /// When the authenticator app was set up, in milliseconds since 1970; none when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_since_ms: Option<u64>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// How many recovery codes were not used yet.
    pub recovery_codes_left: u32,
}

/// One passkey. What its owner calls it is not the server's to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyView {
    /// Names it.
    pub passkey_id: PasskeyId,
    /// When it was added, in milliseconds since 1970.
    pub added_ms: u64,
    /// When it last proved a login, in milliseconds since 1970; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_ms: Option<u64>,
}

/// A passkey as browsers and authenticators know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyDescriptor {
    /// The authenticator's name for it.
    pub credential_id: Bytes,
    /// How browsers reach the authenticator, in the words of Web Authentication.
    pub transports: Vec<String>,
}

/// Answer to the first step of adding a passkey: what `navigator.credentials.create()` is to be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyStartResponse {
    /// Names the passkey that is to be, in the path of the second step.
    pub passkey_id: PasskeyId,
    /// To be signed, once.
    pub challenge: Bytes,
    /// The domain that the passkey is bound to: the host of the page that asks.
    pub rp_id: String,
    /// What the authenticator knows the account by: random, and the same for all its passkeys.
    pub user_handle: Bytes,
    /// Signature algorithms that will do (COSE), the best first.
    pub algorithms: Vec<i32>,
    /// The passkeys that there are: an authenticator that has one of them makes no second.
    pub passkeys: Vec<PasskeyDescriptor>,
    /// The time there is for it, in seconds.
    pub expires_in_s: u64,
}

/// Second step of adding a passkey: what the authenticator has made (Web Authentication, section 5.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyWriteRequest {
    /// What the browser asked for: the challenge and the page's origin, as JSON.
    pub client_data: Bytes,
    /// The attestation object: the public key, and what the authenticator says of itself.
    pub attestation: Bytes,
    /// How the browser reaches the authenticator; what is not known is passed over.
    pub transports: Vec<String>,
}

/// Asks for a challenge for a passkey, at a login that waits for its second factor. It voids the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyAskRequest {
    /// From [`SecondFactorAsked`].
    pub pending_login: LoginId,
}

/// What `navigator.credentials.get()` is to be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyAsked {
    /// To be signed, once.
    pub challenge: Bytes,
    /// The domain that the passkeys are bound to: the host of the page that asks.
    pub rp_id: String,
    /// Those of the account's passkeys that were made for this page's origin.
    pub passkeys: Vec<PasskeyDescriptor>,
    /// The time there is for it, in seconds.
    pub expires_in_s: u64,
}

/// Answer to what adds a factor or renews the recovery codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorAdded {
    /// The second factor from now on.
    pub second_factor: SecondFactorView,
    /// New recovery codes, shown this once; none when those that there were go on. Secret.
    pub recovery_codes: Vec<String>,
}

/// Redacted: the codes log in.
impl std::fmt::Debug for FactorAdded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorAdded(..)")
    }
}

impl SecondFactorView {
    /// Whether it is asked for at a login.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.totp_since_ms.is_some() || !self.passkeys.is_empty()
    }
}
