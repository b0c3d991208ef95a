//! The server's state and its routes.

use opaque_ke::{CipherSuite, Ristretto255, ServerLogin, ServerSetup, TripleDh};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Serialize, de::DeserializeOwned};
use smail_protocol::{
    AccountId, BlobId, Bytes, ChangedObject, CredentialKind, DeliverResponse, IdempotencyKey, Item,
    ItemId, KsfParameters, LoginId, MailboxId, ObjectId, PasskeyId, PasskeyView, Problem,
    ProblemCode, StateObject, Username, WrappedCredential,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The suite, with the client's key stretching left to the client.
pub struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

pub const DOMAIN: &str = "localhost";
pub const KSF: KsfParameters = KsfParameters {
    memory_kib: 64 * 1024,
    iterations: 3,
    parallelism: 4,
};

/// An answer: status, what becomes of the cookie, and the body.
pub struct Answer {
    pub status: u16,
    pub cookie: Option<Option<u64>>,
    pub body: Vec<u8>,
}

pub struct Session {
    pub username: Username,
    pub kind: CredentialKind,
    pub resume: Option<Bytes>,
    pub created_ms: u64,
}

pub struct AccountData {
    pub id: AccountId,
    pub credentials: BTreeMap<&'static str, WrappedCredential>,
    pub certificate: Bytes,
    pub keyring: Bytes,
    pub mailboxes: BTreeSet<MailboxId>,
    pub inbox: MailboxId,
    pub items: BTreeMap<ItemId, Item>,
    /// The parts of items that have any.
    pub parts: BTreeMap<ItemId, Vec<BlobId>>,
    pub states: BTreeMap<ObjectId, StateObject>,
    pub changes: Vec<(u64, ChangedObject)>,
    pub delivered: BTreeMap<IdempotencyKey, DeliverResponse>,
    /// The recovery codes; none without a second factor.
    pub recovery_codes: Option<Vec<String>>,
    /// Whether there is an authenticator app.
    pub has_app: bool,
    /// Passkeys, and how authenticators call them.
    pub passkeys: Vec<(PasskeyView, Bytes)>,
    /// A passkey that is being added.
    pub adding: Option<PasskeyId>,
    /// What waits with an item: when it is due, and the delivery.
    pub scheduled: BTreeMap<ItemId, (u64, Vec<u8>)>,
}

impl AccountData {
    pub fn seq(&self) -> u64 {
        self.changes.last().map_or(0, |(seq, _)| *seq)
    }

    pub fn note(&mut self, object: ChangedObject) {
        let seq = self.seq() + 1;
        self.changes.push((seq, object));
    }
}

pub struct World {
    pub rng: ChaCha20Rng,
    pub setup: ServerSetup<Suite>,
    pub accounts: BTreeMap<Username, AccountData>,
    pub sessions: BTreeMap<u64, Session>,
    pub logins: BTreeMap<LoginId, (Username, CredentialKind, ServerLogin<Suite>)>,
    /// Logins that wait for their second factor.
    pub waiting: BTreeMap<LoginId, (Username, CredentialKind)>,
    pub blobs: BTreeMap<BlobId, Vec<u8>>,
    pub now_ms: u64,
    /// Most items of a page, whatever is asked for: what is sealed may end one early.
    pub items_a_page: usize,
}

/// A refusal, or an answer's body.
pub type Outcome = Result<Vec<u8>, Box<Problem>>;

impl World {
    pub fn new() -> Rc<RefCell<Self>> {
        let mut rng = ChaCha20Rng::seed_from_u64(99);
        let setup = ServerSetup::new(&mut rng);
        Rc::new(RefCell::new(Self {
            rng,
            setup,
            accounts: BTreeMap::new(),
            sessions: BTreeMap::new(),
            logins: BTreeMap::new(),
            waiting: BTreeMap::new(),
            blobs: BTreeMap::new(),
            now_ms: 1_795_324_800_000,
            items_a_page: 500,
        }))
    }

    /// Time goes by.
    pub fn tick(&mut self) -> u64 {
        self.now_ms += 10;
        self.now_ms
    }

    pub fn data(&mut self, username: &str) -> &mut AccountData {
        self.accounts
            .get_mut(&username.parse::<Username>().unwrap())
            .unwrap()
    }

    pub fn answer(
        &mut self,
        method: &str,
        target: &str,
        cookie: Option<u64>,
        meant: Option<AccountId>,
        body: &[u8],
    ) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.strip_prefix("/api/v1/").unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        if let Some(answer) = self.answer_stranger(method, &segments, cookie, body) {
            return answer;
        }
        let Some(username) = cookie
            .and_then(|cookie| self.sessions.get(&cookie))
            .map(|s| s.username.clone())
            .filter(|username| meant.is_none_or(|meant| self.accounts[username].id == meant))
        else {
            return refused(problem(ProblemCode::NoSession, 401));
        };
        let cookie = cookie.unwrap_or_default();
        if segments == ["auth", "logout"] {
            self.sessions.remove(&cookie);
            return Answer {
                status: 204,
                cookie: Some(None),
                body: Vec::new(),
            };
        }
        match self.answer_member(method, &segments, query, (cookie, &username), body) {
            Ok(body) => Answer {
                status: 200,
                cookie: None,
                body,
            },
            Err(problem) => refused(problem),
        }
    }

    fn answer_member(
        &mut self,
        method: &str,
        segments: &[&str],
        query: &str,
        (cookie, username): (u64, &Username),
        body: &[u8],
    ) -> Outcome {
        match (method, segments) {
            ("GET", ["account"]) => self.account_view(cookie),
            ("DELETE", ["account"]) => self.delete_account(cookie),
            ("GET", ["account", "second-factor"]) => Ok(json(&self.second_factor(username))),
            ("PUT", ["account", "second-factor", "totp"]) => {
                self.factor_write(cookie, Some(body), false)
            }
            ("DELETE", ["account", "second-factor", "totp"]) => {
                self.factor_write(cookie, None, false)
            }
            ("POST", ["account", "second-factor", "passkeys"]) => self.passkey_start(cookie),
            ("PUT", ["account", "second-factor", "passkeys", id]) => {
                self.passkey_write(cookie, id, body)
            }
            ("DELETE", ["account", "second-factor", "passkeys", id]) => {
                self.passkey_remove(cookie, id)
            }
            ("POST", ["account", "second-factor", "recovery-codes"]) => {
                self.factor_write(cookie, None, true)
            }
            ("POST", ["account", "credentials", kind, "start"]) => {
                self.credential_start(cookie, kind, body)
            }
            ("PUT", ["account", "credentials", kind]) => self.credential_write(cookie, kind, body),
            ("PUT", ["account", "keys"]) => self.keys_write(cookie, body),
            ("PUT", ["session", "resume"]) => self.resume_write(cookie, body),
            ("POST", ["directory", "lookup"]) => self.lookup(body),
            ("POST", ["blobs"]) => self.blob_store(body),
            ("DELETE", ["blobs", id]) => self.blob_abandon(id),
            ("GET", ["blobs", id]) => self
                .blobs
                .get(&id.parse().unwrap())
                .cloned()
                .ok_or_else(|| problem(ProblemCode::NotFound, 404)),
            ("POST", ["deliver"]) => self.deliver(username, body),
            ("PUT", ["scheduled", id]) => self.schedule(username, id, body),
            ("POST", ["scheduled", id]) => self.send_scheduled(username, id.parse().unwrap()),
            ("GET", ["mailboxes"]) => Ok(self.mailboxes(username)),
            ("GET", ["mailboxes", id, "items"]) => self.mailbox_items(username, id, query),
            ("PUT", ["mailboxes", id]) => {
                self.data(username.as_str())
                    .mailboxes
                    .insert(id.parse().unwrap());
                Ok(Vec::new())
            }
            ("DELETE", ["mailboxes", id]) => self.mailbox_remove(username, id),
            ("GET", ["items", id]) => self.item(username, id),
            ("PUT", ["items", id]) => self.item_write(username, id, body),
            ("DELETE", ["items", id]) => self.item_remove(username, id, query),
            ("GET", ["state"]) => self.states(username),
            ("PUT", ["state", id]) => self.state_write(username, id, body),
            ("GET", ["changes"]) => self.changes(username, query),
            _ => Err(problem(ProblemCode::MethodNotAllowed, 405)),
        }
    }
}

pub fn read<V: DeserializeOwned>(body: &[u8]) -> Result<V, Box<Problem>> {
    serde_json::from_slice(body).map_err(|_| problem(ProblemCode::MalformedRequest, 400))
}

pub fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

pub fn problem(code: ProblemCode, status: u16) -> Box<Problem> {
    Box::new(Problem {
        type_uri: String::new(),
        code,
        title: "refused".to_owned(),
        status,
        detail: None,
        field: None,
        limit_bytes: None,
        retry_after_s: None,
        current_item: None,
        current_state: None,
        unknown: Vec::new(),
        full: Vec::new(),
    })
}

pub fn refused(problem: Box<Problem>) -> Answer {
    Answer {
        status: problem.status,
        cookie: None,
        body: json(&problem),
    }
}

/// The number that a query gives a name.
pub fn query_number(query: &str, name: &str) -> Option<u64> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}
