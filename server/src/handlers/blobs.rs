//! Blobs: octets, streamed in and out. Only a piece or two of each are ever in memory.

use crate::api_error::{ApiError, ApiResult};
use crate::app_state::AppState;
use crate::clock::Clock;
use crate::content_digest::stated_sha256;
use crate::extract::{LoginSession, PathId, check_media_type, refuse_payload};
use crate::openapi::Octets;
use crate::store::{BlobReader, BlobWriter, FinishBlobError, StoreError};
use crate::uploads::{TooManyUploads, UPLOAD_PATIENCE};
use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH};
use actix_web::rt::spawn;
use actix_web::rt::task::JoinHandle;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt as _;
use futures_util::stream::{Stream, try_unfold};
use smail_protocol::limits::MAX_BLOB_BYTES;
use smail_protocol::{BlobId, BlobReceipt, Problem, ProblemCode, routes};

/// When an account with too many uploads may try again, in seconds.
const RETRY_UPLOAD_S: u64 = 1;
/// Octets gathered from the network before the store is called.
const PIECE_BYTES: usize = 256 * 1024;

/// Stores a blob. `Content-Digest` (RFC 9530, sha-256) is checked when it is given.
#[utoipa::path(
    post, path = routes::BLOBS, operation_id = "putBlob", tag = "mail", security(("session" = [])),
    request_body(content = Octets, content_type = "application/octet-stream"),
    responses(
        (status = 201, body = BlobReceipt, description = "Stored, and durable"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn upload(
    state: web::Data<AppState>,
    session: LoginSession,
    request: HttpRequest,
    payload: web::Payload,
) -> ApiResult<HttpResponse> {
    check_media_type(&request, "application/octet-stream")?;
    let announced = stated_sha256(request.headers())
        .map_err(|fault| ApiError::malformed(&fault.to_string()))?;
    check_stated_length(&request)?;
    let now_ms = state.clock.now_ms();
    let account = session.account();
    let _under_way = state
        .uploads
        .begin(account)
        .map_err(|TooManyUploads| ApiError::too_many_requests(RETRY_UPLOAD_S))?;
    let least_bytes = stated_length(&request).unwrap_or(1);
    let writer = state
        .with_store(move |store| {
            // What is known not to fit is refused before it is sent; what is held already takes no more room.
            if announced.is_none() && !store.has_room(account, least_bytes)? {
                return Err(FinishBlobError::OverQuota);
            }
            Ok(store.blob_writer(account, now_ms)?)
        })
        .await?;
    let writer = receive(&state, writer, payload).await?;
    let finish = move || writer.finish(announced.map(BlobId::from_sha256));
    let receipt = state.run_unless_stalled(finish).await?;
    Ok(HttpResponse::Created().json(receipt))
}

/// A blob's octets, for who uploaded it or has an item that names it.
#[utoipa::path(
    get, path = routes::BLOB, operation_id = "getBlob", tag = "mail", security(("session" = [])),
    params(("blob_id" = BlobId, Path, description = "Which blob")),
    responses(
        (status = 200, body = Octets, content_type = "application/octet-stream", description = "The octets"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn download(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(blob): PathId<BlobId>,
) -> ApiResult<HttpResponse> {
    let reader = state
        .with_store(move |store| store.blob_reader(session.account(), blob))
        .await?;
    let reader = reader.ok_or_else(|| ApiError::new(ProblemCode::NotFound))?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment"))
        .body(SizedStream::new(
            reader.size_bytes(),
            Box::pin(octets_of(state, reader)),
        )))
}

/// Gives up a blob that was uploaded and is named by no item; what an item names stays.
#[utoipa::path(
    delete, path = routes::BLOB, operation_id = "abandonBlob", tag = "mail", security(("session" = [])),
    params(("blob_id" = BlobId, Path, description = "Which blob")),
    responses(
        (status = 204, description = "Given up, whether there was anything to give up or not"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem"),
    )
)]
pub(crate) async fn abandon(
    state: web::Data<AppState>,
    session: LoginSession,
    PathId(blob): PathId<BlobId>,
) -> ApiResult<HttpResponse> {
    state
        .with_store(move |store| store.abandon_blob(session.account(), blob))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Refuses before the first octet what says that it is too large. What lies about it is refused on the way.
fn check_stated_length(request: &HttpRequest) -> ApiResult<()> {
    match stated_length(request) {
        Some(length) if length > MAX_BLOB_BYTES => Err(ApiError::too_large(MAX_BLOB_BYTES)),
        _ => Ok(()),
    }
}

fn stated_length(request: &HttpRequest) -> Option<u64> {
    let stated = request.headers().get(CONTENT_LENGTH)?;
    stated.to_str().ok()?.parse().ok()
}

async fn receive(
    state: &AppState,
    mut writer: BlobWriter,
    mut payload: web::Payload,
) -> ApiResult<BlobWriter> {
    let mut size_bytes = 0_u64;
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    while let Some(chunk) = next_chunk(&mut payload, state.clock.as_ref()).await? {
        size_bytes += chunk.len() as u64;
        if size_bytes > MAX_BLOB_BYTES {
            return Err(ApiError::too_large(MAX_BLOB_BYTES));
        }
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE_BYTES {
            writer = write(state, writer, std::mem::take(&mut piece)).await?;
        }
    }
    if size_bytes == 0 {
        return Err(ApiError::malformed("A blob has at least one octet."));
    }
    write(state, writer, piece).await
}

/// The next octets from the network; 408 when none come for too long.
async fn next_chunk(
    payload: &mut web::Payload,
    clock: &dyn Clock,
) -> ApiResult<Option<web::Bytes>> {
    tokio::select! {
        biased;
        chunk = payload.next() => chunk.transpose().map_err(|error| refuse_payload(&error)),
        () = clock.sleep(UPLOAD_PATIENCE) => Err(ApiError::new(ProblemCode::RequestTimeout)),
    }
}

async fn write(state: &AppState, mut writer: BlobWriter, piece: Vec<u8>) -> ApiResult<BlobWriter> {
    let write = move || writer.write(&piece).map(|()| writer);
    state.run_unless_stalled(write).await
}

/// The blob's octets in order. An error breaks the response off, so that it cannot be taken for the whole. While a piece
/// is sent, the next one is read.
fn octets_of(
    state: web::Data<AppState>,
    reader: BlobReader,
) -> impl Stream<Item = Result<web::Bytes, ApiError>> {
    let first = read_next(&state, reader);
    try_unfold((state, first), |(state, reading)| async move {
        let read = reading
            .await
            .map_err(|stopped| ApiError::internal(&stopped))?;
        let (piece, reader) = read?;
        let Some(octets) = piece.transpose()? else {
            return Ok(None);
        };
        let next = read_next(&state, reader);
        Ok(Some((web::Bytes::from(octets), (state, next))))
    })
}

/// A piece, or that there is no more, and who reads on.
type Read = (Option<Result<Vec<u8>, StoreError>>, BlobReader);

/// Begins to read the next piece.
fn read_next(state: &web::Data<AppState>, mut reader: BlobReader) -> JoinHandle<ApiResult<Read>> {
    let state = state.clone();
    let read = move || Ok::<_, StoreError>((reader.next(), reader));
    spawn(async move { state.run_unless_stalled(read).await })
}

impl From<FinishBlobError> for ApiError {
    fn from(error: FinishBlobError) -> Self {
        match error {
            FinishBlobError::DigestMismatch => Self::new(ProblemCode::DigestMismatch),
            FinishBlobError::OverQuota => Self::new(ProblemCode::QuotaExceeded),
            FinishBlobError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app_state::AppSettings;
    use crate::clock::SystemClock;
    use crate::forwarded::TrustedProxies;
    use crate::store::Store;
    use actix_web::FromRequest as _;
    use actix_web::dev::Payload;
    use actix_web::error::PayloadError;
    use actix_web::test::TestRequest;
    use futures_util::future::{BoxFuture, FutureExt as _};
    use smail_protocol::AccountId;
    use std::sync::Arc;
    use std::time::Duration;

    fn state_over(store: &Store, clock: impl Clock + 'static) -> AppState {
        let settings = AppSettings {
            domain: "localhost".into(),
            reserved_names: Vec::new(),
            logins_before_delay: 1,
            signups_per_minute: 1,
            requests_per_minute: 1,
            max_attachment_bytes: 1,
            offline_app: true,
            trusted_proxies: TrustedProxies::default(),
        };
        let going_down = tokio::sync::watch::channel(false).1;
        AppState::new(store.clone(), &settings, Arc::new(clock), going_down).unwrap()
    }

    #[actix_web::test]
    async fn an_upload_that_breaks_off_is_refused() {
        let store = Store::in_memory();
        let state = state_over(&store, SystemClock);
        let writer = store
            .blob_writer(AccountId::from_bytes([1; 16]), 0)
            .unwrap();
        let chunks = [
            Ok(web::Bytes::from_static(b"the first half")),
            Err(PayloadError::Incomplete(None)),
        ];
        let chunks: std::pin::Pin<Box<dyn Stream<Item = _>>> =
            Box::pin(futures_util::stream::iter(chunks));
        let request = TestRequest::post().to_http_request();
        let payload = web::Payload::from_request(&request, &mut Payload::from(chunks))
            .await
            .unwrap();
        let refusal = receive(&state, writer, payload).await.unwrap_err();
        assert_eq!(refusal.problem().code, ProblemCode::MalformedRequest);
    }

    /// A clock by which everything has taken long enough.
    struct Hurried;

    impl Clock for Hurried {
        fn now_ms(&self) -> u64 {
            0
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            std::future::ready(()).boxed()
        }
    }

    #[actix_web::test]
    async fn an_upload_of_which_nothing_comes_is_given_up() {
        let store = Store::in_memory();
        let state = state_over(&store, Hurried);
        let account = AccountId::from_bytes([1; 16]);
        let writer = store.blob_writer(account, 0).unwrap();
        let first: Result<_, PayloadError> = Ok(web::Bytes::from_static(b"the first half"));
        let chunks = futures_util::stream::iter([first]).chain(futures_util::stream::pending());
        let chunks: std::pin::Pin<Box<dyn Stream<Item = _>>> = Box::pin(chunks);
        let request = TestRequest::post().to_http_request();
        let payload = web::Payload::from_request(&request, &mut Payload::from(chunks))
            .await
            .unwrap();
        let refusal = receive(&state, writer, payload).await.unwrap_err();
        assert_eq!(refusal.problem().code, ProblemCode::RequestTimeout);
    }
}
