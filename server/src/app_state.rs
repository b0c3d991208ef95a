//! What every handler shares.

use crate::api_error::{ApiError, ApiResult};
use crate::clock::Clock;
use crate::event_streams::EventStreams;
use crate::forwarded::TrustedProxies;
use crate::opaque::{LoadSetupError, Setup};
use crate::pending_logins::PendingLogins;
use crate::rate_limit::RateLimits;
use crate::second_factor::passkeys::AddingPasskey;
use crate::short_lived::ShortLived;
use crate::store::{Store, StoreError};
use crate::uploads::Uploads;
use actix_web::web;
use smail_protocol::limits::{
    KSF_FLOOR_ITERATIONS, KSF_FLOOR_MEMORY_KIB, MAX_BLOB_BYTES, MAX_RECIPIENTS, SECOND_FACTOR_S,
};
use smail_protocol::{KsfParameters, PasskeyId, ProblemCode, ServerInfo, Username};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::watch;

/// Parameters for new credentials, and what strangers are answered with.
pub const DEFAULT_KSF: KsfParameters = KsfParameters {
    memory_kib: KSF_FLOOR_MEMORY_KIB,
    iterations: KSF_FLOOR_ITERATIONS,
    parallelism: 4,
};

/// Most passkeys that are being added at once, all accounts together. The oldest gives way.
const MAX_ADDING_PASSKEYS: usize = 1_000;

/// What an operator's settings come down to for the handlers.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// What follows the `@` in this server's addresses.
    pub domain: String,
    /// Names that nobody can sign up with.
    pub reserved_names: Vec<Username>,
    /// Failed logins of one name that are not delayed.
    pub logins_before_delay: u32,
    /// Sign-ups of one address in a minute that are not delayed.
    pub signups_per_minute: u32,
    /// Requests of one account in a minute that are not delayed.
    pub requests_per_minute: u32,
    /// Largest attachment that clients are told to send.
    pub max_attachment_bytes: u64,
    /// Whether browsers keep the web app.
    pub offline_app: bool,
    /// Proxies whose word about clients' addresses is taken.
    pub trusted_proxies: TrustedProxies,
}

/// Why the handlers cannot be given what they share.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppStateError {
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// The OPAQUE setup in the store is of no use.
    #[error(transparent)]
    Setup(#[from] LoadSetupError),
}

/// What every handler shares.
pub struct AppState {
    /// Everything that is kept.
    pub store: Store,
    /// OPAQUE's long-term keys.
    pub opaque: Arc<Setup>,
    /// Logins between their two steps.
    pub pending_logins: PendingLogins,
    /// Passkeys between the two steps of adding one. Each is taken once.
    pub(crate) adding_passkeys: ShortLived<PasskeyId, AddingPasskey>,
    /// Names that nobody can sign up with.
    pub reserved_names: HashSet<Username>,
    /// Delays of attempts.
    pub rate_limits: RateLimits,
    /// Proxies whose word about clients' addresses is taken.
    pub trusted_proxies: TrustedProxies,
    /// Whether browsers keep the web app.
    pub offline_app: bool,
    /// Uploads under way.
    pub uploads: Uploads,
    /// Open event streams.
    pub event_streams: EventStreams,
    /// What the server tells anyone.
    pub info: ServerInfo,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Becomes true when the server is going down.
    pub going_down: watch::Receiver<bool>,
}

impl AppState {
    /// Takes the OPAQUE setup from the store, where it is made the first time ever.
    ///
    /// # Errors
    /// See [`AppStateError`].
    pub fn new(
        store: Store,
        settings: &AppSettings,
        clock: Arc<dyn Clock>,
        going_down: watch::Receiver<bool>,
    ) -> Result<Self, AppStateError> {
        let setup =
            zeroize::Zeroizing::new(store.server_setup(|| Setup::generate(&settings.domain))?);
        let opaque = Arc::new(Setup::load(&setup, &settings.domain)?);
        Ok(Self {
            store,
            opaque,
            pending_logins: PendingLogins::default(),
            adding_passkeys: ShortLived::new(SECOND_FACTOR_S, MAX_ADDING_PASSKEYS),
            reserved_names: settings.reserved_names.iter().cloned().collect(),
            rate_limits: RateLimits::new(
                settings.logins_before_delay,
                settings.signups_per_minute,
                settings.requests_per_minute,
            ),
            trusted_proxies: settings.trusted_proxies.clone(),
            offline_app: settings.offline_app,
            uploads: Uploads::default(),
            event_streams: EventStreams::default(),
            info: server_info(settings),
            clock,
            going_down,
        })
    }

    /// Runs verbs of the store where they may block.
    ///
    /// # Errors
    /// The verb's, as the client is to hear of it.
    pub async fn with_store<T, E>(
        &self,
        verbs: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> ApiResult<T>
    where
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        let store = self.store.clone();
        self.run_unless_stalled(move || verbs(&store)).await
    }

    /// Runs work on the store where it may block. Nobody waits for an engine that has stalled: then the answer comes
    /// without the work's, which goes on, and whose outcome stands.
    ///
    /// # Errors
    /// The work's, as the client is to hear of it; 503 when the engine stalls meanwhile or has done so before.
    pub async fn run_unless_stalled<T, E>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> ApiResult<T>
    where
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        let mut stalled = self.store.stalled();
        if *stalled.borrow() {
            return Err(ApiError::new(ProblemCode::Unavailable));
        }
        tokio::select! {
            biased;
            outcome = run_blocking(work) => outcome,
            Ok(_) = stalled.wait_for(|stalled| *stalled) => Err(ApiError::new(ProblemCode::Unavailable)),
        }
    }
}

/// Runs work that may take long and does not need the disk, off the event loop.
///
/// # Errors
/// The work's, as the client is to hear of it; 500 when it panicked.
pub async fn run_blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> ApiResult<T>
where
    T: Send + 'static,
    E: Into<ApiError> + Send + 'static,
{
    match web::block(work).await {
        Ok(outcome) => outcome.map_err(Into::into),
        Err(stopped) => Err(ApiError::internal(&stopped)),
    }
}

fn server_info(settings: &AppSettings) -> ServerInfo {
    ServerInfo {
        domain: settings.domain.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ksf: DEFAULT_KSF,
        max_blob_bytes: MAX_BLOB_BYTES,
        max_attachment_bytes: settings.max_attachment_bytes,
        max_recipients: u32::try_from(MAX_RECIPIENTS).unwrap_or(u32::MAX),
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => logged(error, ProblemCode::StorageFull),
            StoreError::Unavailable => logged(error, ProblemCode::Unavailable),
            _ => Self::internal(&error),
        }
    }
}

fn logged(error: StoreError, code: ProblemCode) -> ApiError {
    tracing::error!(cause = error.code(), "the store failed");
    ApiError::new(code)
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").finish_non_exhaustive()
    }
}
