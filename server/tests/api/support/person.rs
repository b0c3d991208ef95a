//! Somebody with a browser: signs up, logs in, and sends requests with the cookie.

use super::opaque::register_start;
use super::{Answer, LoginHalf, Server, bytes};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde::Serialize;
use smail_protocol::limits::{KSF_FLOOR_ITERATIONS, KSF_FLOOR_MEMORY_KIB};
use smail_protocol::{
    AccountId, AccountView, BlobReceipt, CredentialKind, KsfParameters, LoginFinishRequest,
    LoginStartRequest, LoginStartResponse, MailboxId, RegisterFinishRequest, RegisterStartRequest,
    RegisterStartResponse, WrappedCredential, routes,
};
use std::net::SocketAddr;

/// What all are logged in by, unless a test says otherwise.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The body of a sign-up's second step, open to be spoilt.
pub(crate) struct SignUp(pub(crate) RegisterFinishRequest);

impl SignUp {
    /// Goes through the first step.
    pub(crate) async fn prepare(server: &Server, username: &str, password: &str) -> Self {
        let half = register_start(password);
        let request = RegisterStartRequest {
            username: username.parse().unwrap(),
            registration_request: bytes(&half.request),
        };
        let answer = server
            .send(
                TestRequest::post()
                    .uri(routes::REGISTER_START)
                    .set_json(request),
            )
            .await;
        let answer: RegisterStartResponse = answer.json();
        let record = half.finish(username, password, answer.registration_response.as_slice());
        let inbox = MailboxId::from_bytes(rand::random());
        Self(RegisterFinishRequest {
            username: username.parse().unwrap(),
            account_id: AccountId::from_bytes(rand::random()),
            credential: wrapped(&record, b"account key"),
            certificate: bytes(format!("certificate of {username}").as_bytes()),
            sealed_keyring: bytes(b"keyring"),
            mailboxes: vec![inbox, MailboxId::from_bytes(rand::random())],
            inbox,
        })
    }

    pub(crate) async fn send(&self, server: &Server) -> Answer {
        let request = TestRequest::post()
            .uri(routes::REGISTER_FINISH)
            .set_json(&self.0);
        server
            .send(request.insert_header(("user-agent", FIREFOX)))
            .await
    }
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A credential as a client would write it.
pub(crate) fn wrapped(record: &[u8], wrapped_account_key: &[u8]) -> WrappedCredential {
    WrappedCredential {
        registration_record: bytes(record),
        ksf: KsfParameters {
            memory_kib: KSF_FLOOR_MEMORY_KIB,
            iterations: KSF_FLOOR_ITERATIONS,
            parallelism: 4,
        },
        wrapped_account_key: bytes(wrapped_account_key),
    }
}

/// One login session of somebody.
pub(crate) struct Person {
    pub(crate) cookie: String,
    pub(crate) account: AccountView,
    /// The mailbox that is not the inbox; known to who signed up.
    pub(crate) sent: Option<MailboxId>,
}

impl Person {
    pub(crate) async fn sign_up(server: &Server, username: &str) -> Self {
        let sign_up = SignUp::prepare(server, username, PASSWORD).await;
        let answer = sign_up.send(server).await;
        answer.expect(201);
        let sent = sign_up.0.mailboxes.get(1).copied();
        Self {
            sent,
            ..Self::of(&answer)
        }
    }

    pub(crate) async fn log_in(server: &Server, username: &str) -> Self {
        let answer = log_in(server, username, PASSWORD, CredentialKind::Password, None).await;
        answer.expect(200);
        Self::of(&answer)
    }

    pub(crate) fn of(answer: &Answer) -> Self {
        let cookie = answer
            .header("set-cookie")
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        Self {
            cookie: cookie.to_owned(),
            account: answer.json(),
            sent: None,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> TestRequest {
        TestRequest::with_uri(path)
            .method(method)
            .insert_header(("cookie", self.cookie.as_str()))
            .insert_header(("sec-fetch-site", "same-origin"))
    }

    pub(crate) async fn get(&self, server: &Server, path: &str) -> Answer {
        server.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, server: &Server, path: &str) -> Answer {
        server.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn put(&self, server: &Server, path: &str, body: &impl Serialize) -> Answer {
        server
            .send(self.request(Method::PUT, path).set_json(body))
            .await
    }

    pub(crate) async fn post(&self, server: &Server, path: &str, body: &impl Serialize) -> Answer {
        server
            .send(self.request(Method::POST, path).set_json(body))
            .await
    }

    pub(crate) async fn upload(&self, server: &Server, octets: &[u8]) -> BlobReceipt {
        let request = self
            .request(Method::POST, routes::BLOBS)
            .insert_header(("content-type", "application/octet-stream"))
            .set_payload(octets.to_vec());
        let answer = server.send(request).await;
        answer.expect(201).json()
    }
}

/// The first step of a login.
pub(crate) async fn login_start(
    server: &Server,
    username: &str,
    credential: CredentialKind,
    half: &LoginHalf,
    from: Option<SocketAddr>,
) -> Answer {
    let request = LoginStartRequest {
        username: username.parse().unwrap(),
        credential,
        ke1: bytes(&half.ke1),
    };
    let mut request = TestRequest::post()
        .uri(routes::LOGIN_START)
        .set_json(request);
    if let Some(from) = from {
        request = request.peer_addr(from);
    }
    server.send(request).await
}

/// Both steps of a login. With a wrong secret the client cannot make KE3 and sends a made-up one.
pub(crate) async fn log_in(
    server: &Server,
    username: &str,
    secret: &str,
    credential: CredentialKind,
    cookie: Option<&str>,
) -> Answer {
    let half = LoginHalf::start(secret);
    let answer = login_start(server, username, credential, &half, None).await;
    let started: LoginStartResponse = answer.json();
    let ke3 = half.finish(username, secret, started.ke2.as_slice());
    let request = LoginFinishRequest {
        login_id: started.login_id,
        ke3: bytes(&ke3.unwrap_or_else(|| vec![7; 64])),
    };
    let mut request = TestRequest::post()
        .uri(routes::LOGIN_FINISH)
        .set_json(request);
    if let Some(cookie) = cookie {
        request = request.insert_header(("cookie", cookie.to_owned()));
    }
    server.send(request).await
}
