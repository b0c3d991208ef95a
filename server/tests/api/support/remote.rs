//! Somebody who speaks to a running program over a socket.

use super::opaque::register_start;
use super::person::{PASSWORD, wrapped};
use super::{Running, bytes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use smail_protocol::{
    AccountId, AccountView, BlobReceipt, MailboxId, Problem, RegisterFinishRequest,
    RegisterStartRequest, RegisterStartResponse, routes,
};
use std::io::{Read as _, Write as _};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct RemoteAnswer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl RemoteAnswer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status < 300, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem's code, as it is on the wire.
    pub(crate) fn problem(&self) -> String {
        let problem: Problem = serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)));
        assert_eq!(problem.status, self.status);
        problem.type_uri.rsplit(':').next().unwrap().to_owned()
    }

    fn cookie(&self) -> String {
        let set = self.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then_some(value)
        });
        let pair = set.unwrap().split(';').next().unwrap();
        pair.trim().to_owned()
    }
}

/// Sends one request on a connection of its own.
pub(crate) fn send(
    server: &Running,
    line: &str,
    cookie: Option<&str>,
    media_type: &str,
    body: &[u8],
) -> RemoteAnswer {
    let cookie = cookie.map_or(String::new(), |cookie| format!("cookie: {cookie}\r\n"));
    let head = format!(
        "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n{cookie}\
         content-type: {media_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = server.connect();
    // A refusal may come before all is sent.
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let at = at.unwrap_or_else(|| panic!("{line}: {}", String::from_utf8_lossy(&answer)));
    let head = String::from_utf8(answer[..at].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    RemoteAnswer {
        status,
        body: answer[at + 4..].to_vec(),
        head,
    }
}

/// One login session of somebody.
pub(crate) struct RemotePerson {
    cookie: String,
    pub(crate) account: AccountView,
}

impl RemotePerson {
    pub(crate) fn sign_up(server: &Running, username: &str) -> Self {
        let post = |path: &str, body: &[u8]| {
            send(
                server,
                &format!("POST {path}"),
                None,
                "application/json",
                body,
            )
        };
        let half = register_start(PASSWORD);
        let start = RegisterStartRequest {
            username: username.parse().unwrap(),
            registration_request: bytes(&half.request),
        };
        let started: RegisterStartResponse =
            post(routes::REGISTER_START, &serde_json::to_vec(&start).unwrap()).json();
        let response = started.registration_response;
        let record = half.finish(username, PASSWORD, response.as_slice());
        let inbox = MailboxId::from_bytes(rand::random());
        let finish = RegisterFinishRequest {
            username: username.parse().unwrap(),
            account_id: AccountId::from_bytes(rand::random()),
            credential: wrapped(&record, b"account key"),
            certificate: bytes(b"certificate"),
            sealed_keyring: bytes(b"keyring"),
            mailboxes: vec![inbox],
            inbox,
        };
        let finished = post(
            routes::REGISTER_FINISH,
            &serde_json::to_vec(&finish).unwrap(),
        );
        Self {
            cookie: finished.cookie(),
            account: finished.json(),
        }
    }

    pub(crate) fn ask(&self, server: &Running, line: &str) -> RemoteAnswer {
        send(server, line, Some(&self.cookie), "application/json", b"")
    }

    pub(crate) fn put(&self, server: &Running, path: &str, body: &impl Serialize) -> RemoteAnswer {
        let body = serde_json::to_vec(body).unwrap();
        let line = format!("PUT {path}");
        send(server, &line, Some(&self.cookie), "application/json", &body)
    }

    pub(crate) fn upload(
        &self,
        server: &Running,
        octets: &[u8],
    ) -> Result<BlobReceipt, RemoteAnswer> {
        let line = format!("POST {}", routes::BLOBS);
        let octet_stream = "application/octet-stream";
        let answer = send(server, &line, Some(&self.cookie), octet_stream, octets);
        match answer.status {
            201 => Ok(answer.json()),
            _ => Err(answer),
        }
    }
}
