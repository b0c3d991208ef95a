//! Server-sent events (WHATWG HTML, section 9.2): a nudge for each change, and a word when the session has ended.
//!
//! An event carries no more than the newest change's place; what changed is asked for by page. So a stream that breaks
//! off loses nothing: it is taken up from the last place told.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::event_streams::{OpenStream, TooManyStreams};
use crate::extract::{LoginSession, Query};
use crate::session_cookie::TokenHash;
use crate::store::Feed;
use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::BoxFuture;
use futures_util::stream::{Stream, unfold};
use serde::Deserialize;
use smail_protocol::{AccountId, Problem, ProblemCode, routes};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;

/// A quiet stream shows a sign of life this often; so a dead connection is found, and an expired session too.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// A browser that lost its stream tries again after this, in milliseconds.
const RETRY_MS: u32 = 2_000;
/// When to come back if too many streams are open, in seconds.
const RETRY_AFTER_S: u64 = 10;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// From where on to listen.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsQuery {
    /// The newest change that the client knows; from now on without it. `Last-Event-ID` wins over it.
    since: Option<u64>,
    /// The account that the client is for, where it cannot send a header field: as `Smail-Account` in other requests.
    account: Option<AccountId>,
}

/// Events `change` (id and data: the newest change's place) and `session-ended`, which is the last.
#[utoipa::path(
    get, path = routes::EVENTS, operation_id = "listen", tag = "changes", security(("session" = [])),
    params(EventsQuery, ("Last-Event-ID" = Option<u64>, Header, description = "The last event's id, after a break")),
    responses(
        (status = 200, body = String, content_type = "text/event-stream", description = "The events"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn listen(
    state: web::Data<AppState>,
    session: LoginSession,
    request: HttpRequest,
    Query(query): Query<EventsQuery>,
) -> ApiResult<HttpResponse> {
    let since = last_event_id(&request)?.or(query.since);
    let (account, session_id) = (session.account(), session.session.session_id);
    if query.account.is_some_and(|meant| meant != account) {
        return Err(ApiError::new(ProblemCode::NoSession));
    }
    let open = state.event_streams.open(account, session_id)?;
    let feed = state
        .with_store(move |store| store.subscribe(account, session_id))
        .await?;
    let feed = feed.ok_or_else(|| ApiError::new(ProblemCode::NoSession))?;
    let told = since.unwrap_or_else(|| *feed.newest_seq.borrow());
    let listener = Listener {
        keep_alive: state.clock.sleep(KEEP_ALIVE),
        going_down: state.going_down.clone(),
        token_hash: session.token_hash,
        state,
        feed,
        open,
        told,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(events_of(listener)))
}

fn last_event_id(request: &HttpRequest) -> ApiResult<Option<u64>> {
    let Some(value) = request.headers().get(LAST_EVENT_ID) else {
        return Ok(None);
    };
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    id.map(Some)
        .ok_or_else(|| ApiError::malformed("Last-Event-ID is none that an event had."))
}

/// One open stream.
struct Listener {
    state: web::Data<AppState>,
    token_hash: TokenHash,
    feed: Feed,
    open: OpenStream,
    going_down: watch::Receiver<bool>,
    keep_alive: BoxFuture<'static, ()>,
    told: u64,
}

/// What a stream says next.
enum Next {
    Change(u64),
    KeepAlive,
    SessionEnded,
    /// Nothing: the browser is to connect again.
    BreakOff,
}

enum Phase {
    Opening(Listener),
    Listening(Listener),
    Closed,
}

fn events_of(listener: Listener) -> impl Stream<Item = Result<web::Bytes, Infallible>> {
    unfold(Phase::Opening(listener), |phase| async move {
        let (text, phase) = match phase {
            Phase::Closed => return None,
            Phase::Opening(listener) => {
                (format!("retry: {RETRY_MS}\n\n"), Phase::Listening(listener))
            }
            Phase::Listening(mut listener) => match listener.next().await {
                Next::Change(seq) => (
                    format!("event: change\nid: {seq}\ndata: {seq}\n\n"),
                    Phase::Listening(listener),
                ),
                Next::KeepAlive => (String::from(":\n\n"), Phase::Listening(listener)),
                Next::SessionEnded => (
                    String::from("event: session-ended\ndata:\n\n"),
                    Phase::Closed,
                ),
                Next::BreakOff => return None,
            },
        };
        Some((Ok(web::Bytes::from(text)), phase))
    })
}

impl Listener {
    async fn next(&mut self) -> Next {
        loop {
            if *self.feed.session_ended.borrow_and_update() {
                return if self.open.is_replaced() {
                    Next::BreakOff
                } else {
                    Next::SessionEnded
                };
            }
            if *self.going_down.borrow_and_update() {
                return Next::BreakOff;
            }
            let newest = *self.feed.newest_seq.borrow_and_update();
            if newest != self.told {
                self.told = newest;
                return Next::Change(newest);
            }
            let goes_on = tokio::select! {
                changed = self.feed.newest_seq.changed() => changed.is_ok(),
                changed = self.feed.session_ended.changed() => changed.is_ok(),
                changed = self.going_down.changed() => changed.is_ok(),
                () = &mut self.keep_alive => return self.show_life().await,
            };
            if !goes_on {
                return Next::BreakOff;
            }
        }
    }

    /// A sign of life, if the session still has some. That a stream is open is no use of the session.
    async fn show_life(&mut self) -> Next {
        self.keep_alive = self.state.clock.sleep(KEEP_ALIVE);
        let (token_hash, now_ms) = (self.token_hash, self.state.clock.now_ms());
        let session = self
            .state
            .with_store(move |store| store.session(&token_hash, now_ms))
            .await;
        match session {
            Ok(Some(_)) => Next::KeepAlive,
            Ok(None) if self.open.is_replaced() => Next::BreakOff,
            Ok(None) => Next::SessionEnded,
            Err(_) => Next::BreakOff,
        }
    }
}

impl From<TooManyStreams> for ApiError {
    fn from(_: TooManyStreams) -> Self {
        Self::too_many_requests(RETRY_AFTER_S)
    }
}
