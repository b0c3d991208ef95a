//! Login and log-out: OPAQUE (RFC 9807, section 6) into a session. A stranger's name is answered like a member's.

use super::account::account_view;
use super::register::client_label_of;
use super::second_step;
use crate::api_error::{ApiError, ApiResult};
use crate::app_state::{AppState, DEFAULT_KSF};
use crate::extract::{ClientOrigin, Json, LoginSession, session_of};
use crate::opaque::{LoginUnderWay, Setup, StartLoginError};
use crate::pending_logins::{PendingLogin, ProvenLogin};
use crate::rate_limit::Origin;
use crate::session_cookie::{SessionToken, TokenHash, clear_cookie};
use crate::store::{NewSession, Session, Store, StoreError};
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::join;
use smail_protocol::{
    AccountId, AccountView, KsfParameters, LoginFinishRequest, LoginId, LoginStartRequest,
    LoginStartResponse, Problem, ProblemCode, SecondFactorAsked, SessionId, routes,
};
use std::time::Duration;

/// No first step is answered sooner: what the store's reads cost, found or not, drowns in it.
pub(crate) const LOGIN_ANSWER_FLOOR: Duration = Duration::from_millis(20);

/// Whose credentials are read when the name is nobody's, so that the reads are as many. No account may have this id.
pub(super) const NOBODY: AccountId = AccountId::from_bytes([0; AccountId::LEN_BYTES]);

/// Answers KE1 with KE2, in the same shape and time whether the account exists or not.
#[utoipa::path(
    post, path = routes::LOGIN_START, operation_id = "loginStart", tag = "auth",
    request_body = LoginStartRequest,
    responses(
        (status = 200, body = LoginStartResponse),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn start(
    state: web::Data<AppState>,
    ClientOrigin(origin): ClientOrigin,
    Json(request): Json<LoginStartRequest>,
) -> ApiResult<web::Json<LoginStartResponse>> {
    let attempt =
        state
            .rate_limits
            .login_attempt(&request.username, origin, state.clock.now_ms())?;
    let (store, opaque) = (state.store.clone(), state.opaque.clone());
    let work = state.run_unless_stalled(move || start_login(&store, &opaque, request));
    let ((), started) = join(
        state.clock.sleep(attempt.delay.max(LOGIN_ANSWER_FLOOR)),
        work,
    )
    .await;
    let started = started?;
    let login_id = LoginId::from_bytes(rand::random());
    state
        .pending_logins
        .first
        .insert(login_id, started.login, state.clock.now_ms());
    Ok(web::Json(LoginStartResponse {
        login_id,
        ke2: started.ke2.into(),
        ksf: started.ksf,
    }))
}

/// Checks KE3 and makes a session with a token of its own. The session that the browser had before, if it was of the
/// same account, ends. An account with a second factor is asked for it instead, and told nothing yet.
#[utoipa::path(
    post, path = routes::LOGIN_FINISH, operation_id = "loginFinish", tag = "auth",
    request_body = LoginFinishRequest,
    responses(
        (status = 200, body = AccountView, description = "Logged in; the session cookie is set"),
        (status = 202, body = SecondFactorAsked, description = "Right so far: the account has a second factor"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn finish(
    state: web::Data<AppState>,
    http_request: HttpRequest,
    ClientOrigin(origin): ClientOrigin,
    Json(request): Json<LoginFinishRequest>,
) -> ApiResult<HttpResponse> {
    let login_failed = || ApiError::new(ProblemCode::LoginFailed);
    let now_ms = state.clock.now_ms();
    let login = state
        .pending_logins
        .first
        .take(&request.login_id, now_ms)
        .ok_or_else(login_failed)?;
    login
        .under_way
        .finish(request.ke3.as_slice())
        .map_err(|_| login_failed())?;
    let login = ProvenLogin {
        username: login.username,
        account: login.account.ok_or_else(login_failed)?,
        kind: login.kind,
        credential_version: login.credential_version,
    };
    match second_step::asked(&state, &http_request, &login).await? {
        Some(asked) => Ok(HttpResponse::Accepted().json(asked)),
        None => open_session(&state, &http_request, origin, login).await,
    }
}

/// Makes the session of a login that has proved all it had to.
pub(super) async fn open_session(
    state: &AppState,
    http_request: &HttpRequest,
    origin: Origin,
    login: ProvenLogin,
) -> ApiResult<HttpResponse> {
    let now_ms = state.clock.now_ms();
    let token = SessionToken::generate();
    let session = NewSession {
        token_hash: token.hash(),
        session_id: SessionId::from_bytes(rand::random()),
        account: login.account,
        credential: login.kind,
        credential_version: login.credential_version,
        client: client_label_of(http_request),
        now_ms,
    };
    let before = SessionToken::from_headers(http_request.headers()).map(|token| token.hash());
    let streams = state.event_streams.clone();
    let view = state
        .with_store(move |store| {
            store.create_session(&session)?;
            if let Some(before) = session_before(store, before, session.account, now_ms)? {
                streams.session_replaced(before.session_id);
                replace_session(store, &before, &session.token_hash)?;
            }
            let session = store.session(&session.token_hash, now_ms)?;
            account_view(store, &session.ok_or(StoreError::Corrupt)?)
        })
        .await?;
    state.rate_limits.login_succeeded(&login.username, origin);
    Ok(HttpResponse::Ok()
        .insert_header((SET_COOKIE, token.set_cookie()))
        .json(view))
}

/// Ends the session, if there is one, and makes the browser forget its cookie.
#[utoipa::path(
    post, path = routes::LOGOUT, operation_id = "logout", tag = "auth", security(("session" = [])),
    responses(
        (status = 204, description = "Logged out"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn logout(
    state: web::Data<AppState>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    match session_of(&request).await {
        Ok(LoginSession { session, .. }) => {
            state
                .with_store(move |store| store.end_session(session.account, session.session_id))
                .await?;
        }
        Err(refusal) if refusal.problem().code == ProblemCode::NoSession => {}
        Err(refusal) => return Err(refusal),
    }
    Ok(HttpResponse::NoContent()
        .insert_header((SET_COOKIE, clear_cookie()))
        .finish())
}

struct StartedLogin {
    login: PendingLogin,
    ke2: Vec<u8>,
    ksf: KsfParameters,
}

/// One path for members and strangers: the same reads, the same OPAQUE work.
fn start_login(
    store: &Store,
    opaque: &Setup,
    request: LoginStartRequest,
) -> Result<StartedLogin, ApiError> {
    let LoginStartRequest {
        username,
        credential: kind,
        ke1,
    } = request;
    let account = store.account_by_name(&username)?;
    let read = store.credential(account.unwrap_or(NOBODY), kind)?;
    let current = account.and(read);
    let record = current
        .as_ref()
        .map(|current| current.credential.registration_record.as_slice());
    let (under_way, ke2): (LoginUnderWay, _) =
        opaque.start_login(&username, kind, record, ke1.as_slice())?;
    let ksf = current
        .as_ref()
        .map_or(DEFAULT_KSF, |current| current.ksf());
    let credential_version = current.as_ref().map_or(0, |current| current.version);
    let account = current.and(account);
    Ok(StartedLogin {
        login: PendingLogin {
            under_way,
            username,
            account,
            kind,
            credential_version,
        },
        ke2,
        ksf,
    })
}

/// The live session that this browser had with the same account before.
pub(super) fn session_before(
    store: &Store,
    token_hash: Option<TokenHash>,
    account: AccountId,
    now_ms: u64,
) -> Result<Option<Session>, StoreError> {
    let Some(token_hash) = token_hash else {
        return Ok(None);
    };
    Ok(store
        .session(&token_hash, now_ms)?
        .filter(|before| before.account == account))
}

/// Ends a session in favour of a new one of the same browser, which inherits what a reload needs.
fn replace_session(store: &Store, before: &Session, new: &TokenHash) -> Result<(), StoreError> {
    if let Some(resume) = &before.resume {
        store.set_resume(new, resume)?;
    }
    store.end_session(before.account, before.session_id)?;
    Ok(())
}

impl From<StartLoginError> for ApiError {
    fn from(error: StartLoginError) -> Self {
        match error {
            StartLoginError::MalformedKe1 => {
                Self::invalid("ke1", "This is not an OPAQUE KE1 of this suite.")
            }
            StartLoginError::MalformedRecord => Self::internal(&error),
        }
    }
}
