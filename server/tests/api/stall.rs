//! A disk that hangs: whoever waits for it is answered, and told so is whoever asks how the server is.

use crate::support::{Person, Server, bytes};
use actix_web::test::TestRequest;
use smail_protocol::{ObjectId, ProblemCode, StateWriteRequest, routes};
use smail_server::middleware::Transport;
use smail_server::store::engine::{ApplyError, Batch, Direction, Engine, Entry, KeyRange, Ticket};
use smail_server::store::{MemoryEngine, STALLED_AFTER, Store, StoreError};
use std::future::Future;
use std::ops::Deref;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What hangs, and who is caught in it.
#[derive(Debug)]
struct Hanging {
    call: Mutex<Option<&'static str>>,
    released: Condvar,
    caught: UnboundedSender<()>,
}

impl Hanging {
    fn hang(&self, call: &'static str) {
        *self.call.lock().unwrap() = Some(call);
    }

    fn release(&self) {
        *self.call.lock().unwrap() = None;
        self.released.notify_all();
    }

    fn pass(&self, call: &str) {
        let mut hanging = self.call.lock().unwrap();
        if *hanging == Some(call) {
            self.caught.send(()).unwrap();
        }
        while *hanging == Some(call) {
            hanging = self.released.wait(hanging).unwrap();
        }
    }
}

#[derive(Debug)]
struct HangingEngine {
    memory: MemoryEngine,
    hanging: Arc<Hanging>,
}

impl Engine for HangingEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.hanging.pass("get");
        self.memory.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.memory.scan(range, direction, limit)
    }

    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        self.memory.count(range, limit)
    }

    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError> {
        self.hanging.pass("apply");
        self.memory.apply(batch)
    }

    fn applied(&self) -> Ticket {
        self.memory.applied()
    }

    fn sync(&self, ticket: Ticket) -> Result<(), StoreError> {
        self.hanging.pass("sync");
        self.memory.sync(ticket)
    }

    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Lets go at the end of a test, however it ends: a test that fails would wait for its own threads otherwise.
struct Release(Arc<Hanging>);

impl Deref for Release {
    type Target = Hanging;

    fn deref(&self) -> &Hanging {
        &self.0
    }
}

impl Drop for Release {
    fn drop(&mut self) {
        self.release();
    }
}

struct Setting {
    server: Server,
    store: Store,
    alice: Person,
    hanging: Release,
    caught: UnboundedReceiver<()>,
}

async fn setting() -> Setting {
    let (sender, caught) = unbounded_channel();
    let hanging = Arc::new(Hanging {
        call: Mutex::default(),
        released: Condvar::new(),
        caught: sender,
    });
    let engine = HangingEngine {
        memory: MemoryEngine::new(),
        hanging: hanging.clone(),
    };
    let store = Store::on(Box::new(engine));
    let server = Server::over(store.clone(), Transport::Plain).await;
    let alice = Person::sign_up(&server, "alice").await;
    Setting {
        server,
        store,
        alice,
        hanging: Release(hanging),
        caught,
    }
}

fn path(number: u8) -> String {
    let object = ObjectId::from_bytes([number; 16]);
    routes::STATE.replace("{object_id}", &object.to_string())
}

fn write() -> StateWriteRequest {
    StateWriteRequest {
        base_version: 0,
        sealed: bytes(b"sealed"),
    }
}

/// What a request comes to while the test does something about it. Neither waits for the other.
async fn with<T>(request: impl Future<Output = T>, meanwhile: impl Future<Output = ()>) -> T {
    let (answer, ()) = futures_util::future::join(pin!(request), meanwhile).await;
    answer
}

async fn health(server: &Server) -> u16 {
    let request = TestRequest::get().uri(routes::HEALTH);
    server.send(request).await.status.as_u16()
}

#[actix_web::test]
async fn requests_caught_in_a_stall_are_answered_and_later_ones_at_once() {
    for call in ["apply", "sync", "get"] {
        let Setting {
            server,
            store,
            alice,
            hanging,
            mut caught,
        } = setting().await;
        hanging.hang(call);
        let (body, one) = (write(), path(1));
        let request = alice.put(&server, &one, &body);
        let answer = with(request, async {
            caught.recv().await.unwrap();
            store.check_for_stall(Instant::now());
            assert_eq!(health(&server).await, 200, "{call}: not yet");
            store.check_for_stall(Instant::now() + STALLED_AFTER);
        });
        answer.await.expect_problem(ProblemCode::Unavailable);
        assert_eq!(health(&server).await, 503, "{call}");
        // Neither waits for the engine: it would not come back.
        let read = alice.get(&server, routes::CHANGES).await;
        read.expect_problem(ProblemCode::Unavailable);
        let written = alice.put(&server, &path(2), &body).await;
        written.expect_problem(ProblemCode::Unavailable);

        hanging.release();
        while health(&server).await != 200 {
            store.check_for_stall(Instant::now());
            tokio::task::yield_now().await;
        }
        alice.put(&server, &path(3), &write()).await.expect(200);
    }
}

#[actix_web::test]
async fn an_upload_caught_in_a_stall_is_answered() {
    let Setting {
        server,
        store,
        alice,
        hanging,
        mut caught,
    } = setting().await;
    hanging.hang("sync");
    let request = alice
        .request(actix_web::http::Method::POST, routes::BLOBS)
        .insert_header(("content-type", "application/octet-stream"))
        .set_payload("octets");
    let answer = with(server.send(request), async {
        caught.recv().await.unwrap();
        store.check_for_stall(Instant::now() + STALLED_AFTER);
    });
    answer.await.expect_problem(ProblemCode::Unavailable);
    hanging.release();
}
