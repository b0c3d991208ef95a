//! `smail serve`: opens the store, listens, and goes down in order.

use crate::app::app;
use crate::app_state::{AppSettings, AppState, AppStateError};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::control::ControlSocket;
use crate::forwarded::TrustedProxies;
use crate::middleware::Transport;
use crate::store::{DueReport, OpenError, Store, StoreOptions};
use crate::tls::{self, TlsError};
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::{HttpServer, web};
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often what has had its time is removed from the store.
const SWEEP_EVERY: Duration = Duration::from_secs(5 * 60);

/// How often it is looked whether something that waits is to be sent: how late it may be.
const SEND_DUE_EVERY: Duration = Duration::from_secs(1);

/// How often the store is asked how it is.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// Most connections that one worker has open at once; more wait to be accepted.
const MAX_CONNECTIONS_PER_WORKER: usize = 1_024;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The data directory.
    #[error("--data: {0}")]
    Data(#[from] OpenError),
    /// What is in it.
    #[error(transparent)]
    State(#[from] AppStateError),
    /// Certificate or key.
    #[error("--tls-cert, --tls-key: {0}")]
    Tls(#[from] TlsError),
    /// One of certificate and key was set without the other, whether by flag, environment or file.
    #[error("--tls-cert and --tls-key belong together")]
    HalfTls,
    /// The address belongs to another program.
    #[error("--listen: {address} is in use by another program; stop it, or name another port")]
    AddressInUse {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("--listen: {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The server was to go down, and the disk did not answer.
    #[error("the disk does not answer; what was not acknowledged may be lost")]
    Stalled,
    /// The server ran, and failed.
    #[error("the server failed: {0}")]
    Run(#[from] io::Error),
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(config: &Config) -> Result<(), ServeError> {
    let tls = match (&config.tls_cert, &config.tls_key) {
        (Some(certificate), Some(key)) => Some(tls::server_config(certificate, key)?),
        (None, None) => None,
        _ => return Err(ServeError::HalfTls),
    };
    let transport = if tls.is_some() {
        Transport::Tls
    } else {
        Transport::Plain
    };
    let listener = listen(config.listen)?;
    let address = listener.local_addr()?;
    let store = Store::open(&config.data, &StoreOptions::default())?;
    store.set_quota(config.quota_bytes());
    let (going_down, is_going_down) = watch::channel(false);
    let state = AppState::new(
        store.clone(),
        &settings(config),
        Arc::new(SystemClock),
        is_going_down.clone(),
    )?;
    let state = web::Data::new(state);
    let server = HttpServer::new(move || app(state.clone(), transport))
        .max_connections(MAX_CONNECTIONS_PER_WORKER)
        // An answer is written in pieces: the last of them must not wait until the client has confirmed the others.
        .tcp_nodelay(true)
        .shutdown_timeout(u64::from(config.shutdown_timeout_s))
        .shutdown_signal(stop_signal(going_down)?);
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    let control = control_socket(&config.data)
        .map(|socket| actix_web::rt::spawn(socket.serve(store.clone(), is_going_down.clone())));
    let sweeper = actix_web::rt::spawn(sweep(store.clone(), is_going_down.clone()));
    let sender = actix_web::rt::spawn(send_scheduled(store.clone(), is_going_down));
    let watcher = actix_web::rt::spawn(watch(store.clone()));
    let server = server.run();
    announce(address, transport)?;
    server.await?;
    watcher.abort();
    if *store.stalled().borrow() {
        return Err(ServeError::Stalled);
    }
    sweeper.await.map_err(io::Error::other)?;
    sender.await.map_err(io::Error::other)?;
    if let Some(control) = control {
        control.await.map_err(io::Error::other)?;
    }
    tracing::info!("stopped");
    Ok(())
}

fn settings(config: &Config) -> AppSettings {
    AppSettings {
        domain: config.domain.as_str().to_owned(),
        reserved_names: config.reserved_names.clone(),
        logins_before_delay: config.logins_before_delay.get(),
        signups_per_minute: config.signups_per_minute.get(),
        requests_per_minute: config.requests_per_minute.get(),
        max_attachment_bytes: config.max_attachment_bytes(),
        offline_app: config.offline_app,
        trusted_proxies: TrustedProxies {
            addresses: config.trusted_proxy.clone(),
            header: config.proxy_header,
        },
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::AddressInUse { address },
        _ => ServeError::Listen { address, source },
    })
}

/// Says on standard output, for people and programs that wait for it, that requests are taken.
fn announce(address: SocketAddr, transport: Transport) -> io::Result<()> {
    let scheme = match transport {
        Transport::Plain => "http",
        Transport::Tls => "https",
    };
    if transport == Transport::Plain && !address.ip().is_loopback() {
        tracing::warn!(
            "plain HTTP beyond this machine: browsers keep the login only over TLS; see --tls-cert"
        );
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on {scheme}://{address}")?;
    stdout.flush()
}

/// Is ready at SIGTERM or SIGINT, once open event streams have been told to end.
fn stop_signal(
    going_down: watch::Sender<bool>,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let (mut terminate, mut interrupt): (Signal, Signal) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        going_down.send_replace(true);
    })
}

/// Where the operator's own commands are answered. Mail is served without it, too.
fn control_socket(data: &Path) -> Option<ControlSocket> {
    ControlSocket::listen(data)
        .inspect_err(|error| {
            tracing::warn!(%error, "no control socket: backups are to be made while the server is stopped");
        })
        .ok()
}

/// Removes from the store what has had its time, until the server goes down.
async fn sweep(store: Store, mut is_going_down: watch::Receiver<bool>) {
    loop {
        let store = store.clone();
        match web::block(move || store.sweep(SystemClock.now_ms())).await {
            Ok(Ok(report)) => tracing::debug!(?report, "swept"),
            Ok(Err(error)) => tracing::error!(cause = error.code(), "the store could not be swept"),
            Err(error) => tracing::error!(cause = %error, "the store could not be swept"),
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = is_going_down.changed() => return,
        }
    }
}

/// Sends what has waited until its time, until the server goes down. What was due while it was down goes first.
async fn send_scheduled(store: Store, mut is_going_down: watch::Receiver<bool>) {
    loop {
        let store = store.clone();
        match web::block(move || store.send_due(SystemClock.now_ms())).await {
            Ok(Ok(report)) if report == DueReport::default() => {}
            Ok(Ok(report)) => tracing::debug!(?report, "sent what was due"),
            Ok(Err(error)) => tracing::error!(cause = error.code(), "what was due was not sent"),
            Err(error) => tracing::error!(cause = %error, "what was due was not sent"),
        }
        tokio::select! {
            () = tokio::time::sleep(SEND_DUE_EVERY) => {}
            _ = is_going_down.changed() => return,
        }
    }
}

/// Watches over the store. Asking it may take for ever when the disk hangs: that is what it is asked for, on a thread of
/// its own, away from those that requests wait for.
async fn watch(store: Store) {
    let mut asking: Option<JoinHandle<()>> = None;
    loop {
        store.check_for_stall(Instant::now());
        if asking.as_ref().is_none_or(JoinHandle::is_finished) {
            let store = store.clone();
            asking = Some(tokio::task::spawn_blocking(move || {
                let _ = store.healthy();
            }));
        }
        tokio::time::sleep(WATCH_EVERY).await;
    }
}
