//! Calls about accounts, credentials and sessions.

use super::error::ApiError;
use super::exchange::Call;
use super::retry::Retry;
use crate::env::{Env, Randomness};
use crate::transport::{Method, Transport};
use smail_protocol::{
    AccountView, Bytes, CredentialKind, CredentialStartRequest, CredentialStartResponse,
    CredentialWriteRequest, FactorAdded, KeysWriteRequest, LoginFinishRequest, LoginStartRequest,
    LoginStartResponse, PasskeyAskRequest, PasskeyAsked, PasskeyId, PasskeyStartResponse,
    PasskeyWriteRequest, RegisterFinishRequest, RegisterStartRequest, RegisterStartResponse,
    ResumeWriteRequest, SecondFactorAsked, SecondFactorRequest, SecondFactorView, ServerInfo,
    TotpWriteRequest, routes,
};

/// Status of an answer that asks for the second factor.
const SECOND_FACTOR_STATUS: u16 = 202;

/// What a right KE3 is answered with.
pub(crate) enum LoginAnswer {
    /// The session is there: the account.
    Open(Box<AccountView>),
    /// The account has a second factor.
    SecondFactor(SecondFactorAsked),
}

fn of_kind(route: &str, kind: CredentialKind) -> String {
    route.replace("{kind}", kind.as_str())
}

fn of_passkey(passkey: PasskeyId) -> String {
    routes::PASSKEY.replace("{passkey_id}", &passkey.to_string())
}

impl<T: Transport, R: Randomness> Env<T, R> {
    pub(crate) async fn server_info(&self) -> Result<ServerInfo, ApiError> {
        self.call(Call::new(Method::Get, routes::SERVER, Retry::Safe))
            .await
    }

    pub(crate) async fn register_start(
        &self,
        request: &RegisterStartRequest,
    ) -> Result<RegisterStartResponse, ApiError> {
        self.call(Call::new(Method::Post, routes::REGISTER_START, Retry::Never).json(request)?)
            .await
    }

    /// Makes the account. Not tried again: a second attempt would find the name taken, by the first.
    pub(crate) async fn register_finish(
        &self,
        request: &RegisterFinishRequest,
    ) -> Result<AccountView, ApiError> {
        self.call(Call::new(Method::Post, routes::REGISTER_FINISH, Retry::Never).json(request)?)
            .await
    }

    pub(crate) async fn login_start(
        &self,
        request: &LoginStartRequest,
    ) -> Result<LoginStartResponse, ApiError> {
        self.call(Call::new(Method::Post, routes::LOGIN_START, Retry::Never).json(request)?)
            .await
    }

    pub(crate) async fn login_finish(
        &self,
        request: &LoginFinishRequest,
    ) -> Result<LoginAnswer, ApiError> {
        let call = Call::new(Method::Post, routes::LOGIN_FINISH, Retry::Never).json(request)?;
        let response = self.exchange(call).await?;
        let answer = match response.status {
            SECOND_FACTOR_STATUS => {
                serde_json::from_slice(&response.body).map(LoginAnswer::SecondFactor)
            }
            _ => {
                serde_json::from_slice(&response.body).map(|view| LoginAnswer::Open(Box::new(view)))
            }
        };
        answer.map_err(|_| ApiError::Garbled {
            status: response.status,
        })
    }

    pub(crate) async fn login_second_factor(
        &self,
        request: &SecondFactorRequest,
    ) -> Result<AccountView, ApiError> {
        let path = routes::LOGIN_SECOND_FACTOR;
        self.call(Call::new(Method::Post, path, Retry::Never).json(request)?)
            .await
    }

    /// Sent again, it voids the challenge that nobody has got.
    pub(crate) async fn login_passkey(
        &self,
        request: &PasskeyAskRequest,
    ) -> Result<PasskeyAsked, ApiError> {
        self.call(Call::new(Method::Post, routes::LOGIN_PASSKEY, Retry::Safe).json(request)?)
            .await
    }

    pub(crate) async fn second_factor(&self) -> Result<SecondFactorView, ApiError> {
        self.call(Call::new(Method::Get, routes::SECOND_FACTOR, Retry::Safe))
            .await
    }

    /// Not tried again, here and below: a code is taken once, and what was made is shown once.
    pub(crate) async fn totp_write(
        &self,
        request: &TotpWriteRequest,
    ) -> Result<FactorAdded, ApiError> {
        self.call(Call::new(Method::Put, routes::TOTP, Retry::Never).json(request)?)
            .await
    }

    pub(crate) async fn totp_remove(&self) -> Result<SecondFactorView, ApiError> {
        self.call(Call::new(Method::Delete, routes::TOTP, Retry::Never))
            .await
    }

    pub(crate) async fn recovery_codes_renew(&self) -> Result<FactorAdded, ApiError> {
        self.call(Call::new(
            Method::Post,
            routes::RECOVERY_CODES,
            Retry::Never,
        ))
        .await
    }

    pub(crate) async fn passkey_start(&self) -> Result<PasskeyStartResponse, ApiError> {
        self.call(Call::new(Method::Post, routes::PASSKEYS, Retry::Safe))
            .await
    }

    pub(crate) async fn passkey_write(
        &self,
        passkey: PasskeyId,
        request: &PasskeyWriteRequest,
    ) -> Result<FactorAdded, ApiError> {
        self.call(Call::new(Method::Put, of_passkey(passkey), Retry::Never).json(request)?)
            .await
    }

    pub(crate) async fn passkey_remove(
        &self,
        passkey: PasskeyId,
    ) -> Result<SecondFactorView, ApiError> {
        self.call(Call::new(Method::Delete, of_passkey(passkey), Retry::Never))
            .await
    }

    /// Replaces certificate and keyring. Sent again, it finds itself there.
    pub(crate) async fn keys_write(&self, request: &KeysWriteRequest) -> Result<(), ApiError> {
        self.exchange(Call::new(Method::Put, routes::KEYS, Retry::Safe).json(request)?)
            .await
            .map(drop)
    }

    pub(crate) async fn logout(&self) -> Result<(), ApiError> {
        self.exchange(Call::new(Method::Post, routes::LOGOUT, Retry::Safe))
            .await
            .map(drop)
    }

    /// Deletes the account. Not tried again: a second attempt would find no session, by the first.
    pub(crate) async fn delete_account(&self) -> Result<(), ApiError> {
        self.exchange(Call::new(Method::Delete, routes::ACCOUNT, Retry::Never))
            .await
            .map(drop)
    }

    pub(crate) async fn account(&self) -> Result<AccountView, ApiError> {
        self.call(Call::new(Method::Get, routes::ACCOUNT, Retry::Safe))
            .await
    }

    pub(crate) async fn credential_start(
        &self,
        kind: CredentialKind,
        registration_request: Bytes,
    ) -> Result<CredentialStartResponse, ApiError> {
        let path = of_kind(routes::CREDENTIAL_START, kind);
        self.call(
            Call::new(Method::Post, path, Retry::Safe).json(&CredentialStartRequest {
                registration_request,
            })?,
        )
        .await
    }

    pub(crate) async fn credential_write(
        &self,
        kind: CredentialKind,
        credential: &CredentialWriteRequest,
    ) -> Result<(), ApiError> {
        let path = of_kind(routes::CREDENTIAL, kind);
        self.exchange(Call::new(Method::Put, path, Retry::Safe).json(credential)?)
            .await
            .map(drop)
    }

    pub(crate) async fn resume_write(&self, resume: Bytes) -> Result<(), ApiError> {
        let call = Call::new(Method::Put, routes::RESUME, Retry::Safe)
            .json(&ResumeWriteRequest { resume })?;
        self.exchange(call).await.map(drop)
    }
}
