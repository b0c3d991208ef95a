//! Sign-up: OPAQUE registration (RFC 9807, section 5), then the account, all or nothing.

use super::login::NOBODY;
use super::validate;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::{AppState, run_blocking};
use crate::client_label::client_label;
use crate::extract::{ClientOrigin, Json};
use crate::handlers::account::account_view;
use crate::opaque::Setup;
use crate::rate_limit::{Attempt, TooManyWaiting};
use crate::session_cookie::SessionToken;
use crate::store::{
    CreateAccountError, CreateSessionError, FIRST_CREDENTIAL_VERSION, NewAccount, NewSession,
    StoreError,
};
use actix_web::http::header::{SET_COOKIE, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, web};
use smail_protocol::limits::{MAX_CERTIFICATE_BYTES, MAX_MAILBOXES};
use smail_protocol::{
    AccountView, CredentialKind, Problem, ProblemCode, RegisterFinishRequest, RegisterStartRequest,
    RegisterStartResponse, SessionId, Username, routes,
};
use std::collections::HashSet;

/// Asks for a name and answers the first OPAQUE message. Keeps nothing.
#[utoipa::path(
    post, path = routes::REGISTER_START, operation_id = "registerStart", tag = "auth",
    request_body = RegisterStartRequest,
    responses(
        (status = 200, body = RegisterStartResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn start(
    state: web::Data<AppState>,
    ClientOrigin(origin): ClientOrigin,
    Json(request): Json<RegisterStartRequest>,
) -> ApiResult<web::Json<RegisterStartResponse>> {
    let attempt = state
        .rate_limits
        .signup_step(origin, state.clock.now_ms())?;
    hold_back(&state, &attempt).await;
    need_free(&state, &request.username)?;
    let opaque = state.opaque.clone();
    let store = state.store.clone();
    let registration_response = run_blocking(move || {
        if store.is_name_taken(&request.username)? {
            return Err(name_taken());
        }
        opaque
            .answer_registration(
                &request.username,
                CredentialKind::Password,
                request.registration_request.as_slice(),
            )
            .map_err(|fault| ApiError::invalid("registration_request", &fault.to_string()))
    })
    .await?;
    Ok(web::Json(RegisterStartResponse {
        registration_response: registration_response.into(),
        ksf: state.info.ksf,
    }))
}

/// Makes the account and logs it in.
#[utoipa::path(
    post, path = routes::REGISTER_FINISH, operation_id = "registerFinish", tag = "auth",
    request_body = RegisterFinishRequest,
    responses(
        (status = 201, body = AccountView, description = "Made; the session cookie is set"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn finish(
    state: web::Data<AppState>,
    http_request: HttpRequest,
    ClientOrigin(origin): ClientOrigin,
    Json(request): Json<RegisterFinishRequest>,
) -> ApiResult<HttpResponse> {
    need_free(&state, &request.username)?;
    let account = checked(request)?;
    let attempt = state
        .rate_limits
        .signup_step(origin, state.clock.now_ms())?;
    hold_back(&state, &attempt).await;
    let token = SessionToken::generate();
    let session = NewSession {
        token_hash: token.hash(),
        session_id: SessionId::from_bytes(rand::random()),
        account: account.account_id,
        credential: CredentialKind::Password,
        credential_version: FIRST_CREDENTIAL_VERSION,
        client: client_label_of(&http_request),
        now_ms: state.clock.now_ms(),
    };
    let view = state
        .with_store(move |store| {
            store.create_account(&account)?;
            store.create_session(&session)?;
            let session = store.session(&session.token_hash, session.now_ms)?;
            account_view(store, &session.ok_or(StoreError::Corrupt)?)
        })
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((SET_COOKIE, token.set_cookie()))
        .json(view))
}

/// What the request says of its browser, in a few words.
pub(super) fn client_label_of(request: &HttpRequest) -> String {
    client_label(
        request
            .headers()
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok()),
    )
}

async fn hold_back(state: &AppState, attempt: &Attempt) {
    if !attempt.delay.is_zero() {
        state.clock.sleep(attempt.delay).await;
    }
}

fn checked(request: RegisterFinishRequest) -> ApiResult<NewAccount> {
    if request.account_id == NOBODY {
        return Err(ApiError::invalid(
            "account_id",
            "An account's id is random, not zero.",
        ));
    }
    validate::credential("credential.", &request.credential)?;
    validate::octets("certificate", &request.certificate, MAX_CERTIFICATE_BYTES)?;
    validate::sealed("sealed_keyring", &request.sealed_keyring)?;
    let distinct: HashSet<_> = request.mailboxes.iter().collect();
    if distinct.len() != request.mailboxes.len() || request.mailboxes.len() > MAX_MAILBOXES {
        return Err(ApiError::invalid(
            "mailboxes",
            "Mailboxes differ from each other, and are not too many.",
        ));
    }
    if !distinct.contains(&request.inbox) {
        return Err(ApiError::invalid(
            "inbox",
            "The inbox is one of the mailboxes.",
        ));
    }
    let mut credential = request.credential;
    credential.registration_record = Setup::check_record(credential.registration_record.as_slice())
        .map_err(|fault| ApiError::invalid("credential.registration_record", &fault.to_string()))?
        .into();
    Ok(NewAccount {
        username: request.username,
        account_id: request.account_id,
        credential,
        certificate: request.certificate,
        sealed_keyring: request.sealed_keyring,
        mailboxes: request.mailboxes,
        inbox: request.inbox,
    })
}

/// A reserved name is taken by nobody.
fn need_free(state: &AppState, name: &Username) -> ApiResult<()> {
    if state.reserved_names.contains(name) {
        return Err(name_taken());
    }
    Ok(())
}

fn name_taken() -> ApiError {
    ApiError::new(ProblemCode::UsernameTaken).field("username")
}

impl From<CreateAccountError> for ApiError {
    fn from(error: CreateAccountError) -> Self {
        match error {
            CreateAccountError::UsernameTaken => name_taken(),
            CreateAccountError::AccountExists => {
                Self::new(ProblemCode::AlreadyExists).field("account_id")
            }
            CreateAccountError::InboxMissing => {
                Self::invalid("inbox", "The inbox is one of the mailboxes.")
            }
            CreateAccountError::TooManyMailboxes => {
                Self::invalid("mailboxes", "There are too many mailboxes.")
            }
            CreateAccountError::Store(error) => error.into(),
        }
    }
}

impl From<CreateSessionError> for ApiError {
    fn from(error: CreateSessionError) -> Self {
        match error {
            CreateSessionError::CredentialChanged => Self::new(ProblemCode::LoginFailed),
            CreateSessionError::SessionExists => Self::internal(&error),
            CreateSessionError::Store(error) => error.into(),
        }
    }
}

impl From<TooManyWaiting> for ApiError {
    fn from(error: TooManyWaiting) -> Self {
        Self::too_many_requests(error.retry_after_s)
    }
}
