//! Calls about accounts, credentials and sessions.

use super::error::ApiError;
use super::exchange::Call;
use super::retry::Retry;
use crate::env::{Env, Randomness};
use crate::transport::{Method, Transport};
use smail_protocol::{
    AccountView, Bytes, CredentialKind, CredentialStartRequest, CredentialStartResponse,
    CredentialWriteRequest, LoginFinishRequest, LoginStartRequest, LoginStartResponse,
    RegisterFinishRequest, RegisterStartRequest, RegisterStartResponse, ResumeWriteRequest,
    ServerInfo, routes,
};

fn of_kind(route: &str, kind: CredentialKind) -> String {
    route.replace("{kind}", kind.as_str())
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
    ) -> Result<AccountView, ApiError> {
        self.call(Call::new(Method::Post, routes::LOGIN_FINISH, Retry::Never).json(request)?)
            .await
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
