//! The application, called without a network.

use super::TestClock;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, init_service};
use actix_web::{Error, web};
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use serde::de::DeserializeOwned;
use smail_protocol::limits::DEFAULT_MAX_ATTACHMENT_BYTES;
use smail_protocol::{Problem, ProblemCode};
use smail_server::app::app;
use smail_server::app_state::{AppSettings, AppState};
use smail_server::forwarded::{ProxyHeader, TrustedProxies};
use smail_server::middleware::Transport;
use smail_server::store::Store;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

type Call = dyn Fn(TestRequest) -> LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, Error>>;

/// A reverse proxy that the server trusts.
pub(crate) const PROXY: [u8; 4] = [10, 0, 0, 1];

/// One server, new and empty.
pub(crate) struct Server {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) going_down: watch::Sender<bool>,
    call: Box<Call>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_over(Transport::Plain).await
    }

    pub(crate) async fn start_over(transport: Transport) -> Self {
        Self::over(Store::in_memory(), transport).await
    }

    pub(crate) async fn over(store: Store, transport: Transport) -> Self {
        let clock = Arc::new(TestClock::new());
        let (going_down, is_going_down) = watch::channel(false);
        let settings = AppSettings {
            domain: "localhost".into(),
            reserved_names: vec!["postmaster".parse().unwrap()],
            logins_before_delay: 3,
            signups_per_minute: 30,
            requests_per_minute: 500,
            max_attachment_bytes: DEFAULT_MAX_ATTACHMENT_BYTES,
            offline_app: true,
            trusted_proxies: TrustedProxies {
                addresses: vec![PROXY.into()],
                header: ProxyHeader::XForwardedFor,
            },
        };
        let state = AppState::new(store, &settings, clock.clone(), is_going_down).unwrap();
        let service = Rc::new(init_service(app(web::Data::new(state), transport)).await);
        let call = move |request: TestRequest| {
            let service = service.clone();
            async move {
                let response = service.call(request.to_request()).await?;
                Ok(response.map_into_boxed_body())
            }
            .boxed_local()
        };
        Self {
            clock,
            going_down,
            call: Box::new(call),
        }
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        match (self.call)(request).await {
            Ok(response) => Answer::read(response.into_parts().1).await,
            Err(error) => Answer::read(error.error_response()).await,
        }
    }

    /// Sends a request and gives the body as it comes.
    pub(crate) async fn open(&self, request: TestRequest) -> (StatusCode, BoxBody) {
        let response = (self.call)(request).await.unwrap();
        (response.status(), response.into_body())
    }
}

impl Answer {
    async fn read(response: actix_web::HttpResponse) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: to_bytes(response.into_body()).await.unwrap().to_vec(),
        }
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn expect(&self, status: u16) -> &Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }

    /// The problem document, which must be sound in itself and of this code.
    pub(crate) fn expect_problem(&self, code: ProblemCode) -> Problem {
        let problem: Problem = serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no problem: {}", String::from_utf8_lossy(&self.body)));
        assert_eq!(problem.code, code, "{problem:?}");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(self.header("cache-control"), Some("no-store"));
        problem
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// The next piece of a stream, as text; none at its end.
pub(crate) async fn stream_text(body: &mut BoxBody) -> Option<String> {
    let next = poll_fn(|context| Pin::new(&mut *body).poll_next(context));
    let piece = tokio::time::timeout(Duration::from_secs(10), next).await;
    let piece = piece.expect("the stream says nothing")?;
    Some(String::from_utf8(piece.unwrap().to_vec()).unwrap())
}
