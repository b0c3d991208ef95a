//! Registration, login, credentials and sessions of the server in memory.

use super::passkeys;
use super::world::{
    AccountData, Answer, DOMAIN, KSF, Outcome, Session, Suite, World, json, problem, read, refused,
};
use opaque_ke::{
    CredentialFinalization, CredentialRequest, Identifiers, RegistrationRequest,
    RegistrationUpload, ServerLogin, ServerLoginParameters, ServerRegistration,
};
use rand_chacha::rand_core::RngCore;
use sha2::{Digest as _, Sha256};
use smail_protocol::{
    AccountView, ChangedObject, CredentialKind, CredentialStartRequest, FactorAdded, FactorProof,
    KeysWriteRequest, LoginFinishRequest, LoginId, LoginStartRequest, LoginStartResponse,
    ProblemCode, RegisterFinishRequest, RegisterStartRequest, RegisterStartResponse,
    ResumeWriteRequest, SecondFactorAsked, SecondFactorRequest, SecondFactorView, ServerInfo,
    SessionId, TotpWriteRequest, Username, WrappedCredential, limits,
};
use std::collections::BTreeMap;

/// Small, so that tests meet it.
pub const MAX_ATTACHMENT_BYTES: u64 = 10 * 1024 * 1024;
/// What an authenticator app of the server in memory always shows.
pub const APP_CODE: &str = "314159";
const CONTEXT: &[u8] = b"s-mail/v1/opaque";

fn kind_of(word: &str) -> CredentialKind {
    if word == "recovery" {
        CredentialKind::Recovery
    } else {
        CredentialKind::Password
    }
}

fn parameters(address: &str) -> ServerLoginParameters<'static, '_> {
    ServerLoginParameters {
        context: Some(CONTEXT),
        identifiers: Identifiers {
            client: Some(address.as_bytes()),
            server: Some(DOMAIN.as_bytes()),
        },
    }
}

impl World {
    /// What anyone may ask; `None` for everything else.
    pub fn answer_stranger(
        &mut self,
        method: &str,
        segments: &[&str],
        cookie: Option<u64>,
        body: &[u8],
    ) -> Option<Answer> {
        let outcome = match (method, segments) {
            ("GET", ["server"]) => Ok((None, self.server_info())),
            ("POST", ["auth", "register", "start"]) => {
                self.register_start(body).map(|body| (None, body))
            }
            ("POST", ["auth", "register", "finish"]) => self.register_finish(body),
            ("POST", ["auth", "login", "start"]) => self.login_start(body).map(|body| (None, body)),
            ("POST", ["auth", "login", "finish"]) => match self.login_finish(body, cookie) {
                Ok((None, body)) => {
                    return Some(Answer {
                        status: 202,
                        cookie: None,
                        body,
                    });
                }
                other => other,
            },
            ("POST", ["auth", "login", "second-factor"]) => self.login_second_factor(body),
            ("POST", ["auth", "login", "second-factor", "passkey"]) => {
                self.login_passkey(body).map(|body| (None, body))
            }
            _ => return None,
        };
        Some(match outcome {
            Ok((cookie, body)) => Answer {
                status: 200,
                cookie: cookie.map(Some),
                body,
            },
            Err(problem) => refused(problem),
        })
    }

    fn server_info(&self) -> Vec<u8> {
        json(&ServerInfo {
            domain: DOMAIN.to_owned(),
            version: "test".to_owned(),
            ksf: KSF,
            max_blob_bytes: limits::MAX_BLOB_BYTES,
            max_attachment_bytes: MAX_ATTACHMENT_BYTES,
            max_recipients: 100,
        })
    }

    fn registration(&self, username: &Username, kind: CredentialKind, request: &[u8]) -> Vec<u8> {
        let identifier = format!("{}:{username}", kind.as_str());
        let request = RegistrationRequest::deserialize(request).unwrap();
        let started =
            ServerRegistration::<Suite>::start(&self.setup, request, identifier.as_bytes())
                .unwrap();
        let registration_response = started.message.serialize().to_vec().into();
        json(&RegisterStartResponse {
            registration_response,
            ksf: KSF,
        })
    }

    fn register_start(&mut self, body: &[u8]) -> Outcome {
        let request: RegisterStartRequest = read(body)?;
        if self.accounts.contains_key(&request.username) {
            return Err(problem(ProblemCode::UsernameTaken, 409));
        }
        Ok(self.registration(
            &request.username,
            CredentialKind::Password,
            request.registration_request.as_slice(),
        ))
    }

    fn register_finish(
        &mut self,
        body: &[u8],
    ) -> Result<(Option<u64>, Vec<u8>), Box<smail_protocol::Problem>> {
        let request: RegisterFinishRequest = read(body)?;
        if self.accounts.contains_key(&request.username) {
            return Err(problem(ProblemCode::UsernameTaken, 409));
        }
        let data = AccountData {
            id: request.account_id,
            credentials: BTreeMap::from([("password", request.credential)]),
            certificate: request.certificate,
            keyring: request.sealed_keyring,
            mailboxes: request.mailboxes.into_iter().collect(),
            inbox: request.inbox,
            items: BTreeMap::new(),
            states: BTreeMap::new(),
            parts: BTreeMap::new(),
            changes: Vec::new(),
            delivered: BTreeMap::new(),
            recovery_codes: None,
            has_app: false,
            passkeys: Vec::new(),
            adding: None,
            scheduled: BTreeMap::new(),
        };
        self.accounts.insert(request.username.clone(), data);
        self.open_session(request.username, CredentialKind::Password)
    }

    fn open_session(
        &mut self,
        username: Username,
        kind: CredentialKind,
    ) -> Result<(Option<u64>, Vec<u8>), Box<smail_protocol::Problem>> {
        let cookie = self.rng.next_u64();
        let session = Session {
            username,
            kind,
            resume: None,
            created_ms: self.now_ms,
        };
        self.sessions.insert(cookie, session);
        Ok((Some(cookie), self.account_view(cookie)?))
    }

    fn login_start(&mut self, body: &[u8]) -> Outcome {
        let request: LoginStartRequest = read(body)?;
        let credentials = self
            .accounts
            .get(&request.username)
            .map(|data| &data.credentials);
        let record = credentials
            .and_then(|credentials| credentials.get(request.credential.as_str()))
            .map(|credential| {
                ServerRegistration::deserialize(credential.registration_record.as_slice()).unwrap()
            });
        let ke1 = CredentialRequest::deserialize(request.ke1.as_slice()).unwrap();
        let identifier = format!("{}:{}", request.credential.as_str(), request.username);
        let address = format!("{}@{DOMAIN}", request.username);
        let started = ServerLogin::start(
            &mut self.rng,
            &self.setup,
            record,
            ke1,
            identifier.as_bytes(),
            parameters(&address),
        )
        .unwrap();
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let login_id = LoginId::from_bytes(id);
        let ke2 = started.message.serialize().to_vec().into();
        self.logins.insert(
            login_id,
            (request.username, request.credential, started.state),
        );
        Ok(json(&LoginStartResponse {
            login_id,
            ke2,
            ksf: KSF,
        }))
    }

    fn login_finish(
        &mut self,
        body: &[u8],
        cookie: Option<u64>,
    ) -> Result<(Option<u64>, Vec<u8>), Box<smail_protocol::Problem>> {
        let failed = || problem(ProblemCode::LoginFailed, 401);
        let request: LoginFinishRequest = read(body)?;
        let (username, kind, state) = self.logins.remove(&request.login_id).ok_or_else(failed)?;
        let ke3 =
            CredentialFinalization::deserialize(request.ke3.as_slice()).map_err(|_| failed())?;
        state
            .finish(ke3, parameters(&format!("{username}@{DOMAIN}")))
            .map_err(|_| failed())?;
        let is_known = cookie
            .and_then(|cookie| self.sessions.get(&cookie))
            .is_some_and(|session| session.username == username);
        if is_known || self.accounts[&username].recovery_codes.is_none() {
            return self.open_session(username, kind);
        }
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let pending_login = LoginId::from_bytes(id);
        let asked = SecondFactorAsked {
            pending_login,
            kinds: self.kinds(&username),
            expires_in_s: limits::SECOND_FACTOR_S,
        };
        self.waiting.insert(pending_login, (username, kind));
        Ok((None, json(&asked)))
    }

    fn login_second_factor(
        &mut self,
        body: &[u8],
    ) -> Result<(Option<u64>, Vec<u8>), Box<smail_protocol::Problem>> {
        let request: SecondFactorRequest = read(body)?;
        let waiting = self.waiting.get(&request.pending_login).cloned();
        let (username, kind) =
            waiting.ok_or_else(|| problem(ProblemCode::SecondFactorExpired, 401))?;
        let codes = &self.accounts[&username].recovery_codes;
        let is_proof = match request.proof {
            FactorProof::Totp { code } => code == APP_CODE,
            FactorProof::RecoveryCode { code } => {
                codes.as_ref().is_some_and(|codes| codes.contains(&code))
            }
            FactorProof::Passkey { signature, .. } => {
                signature.as_slice() == passkeys::SIGNED_BY_A_PASSKEY
            }
        };
        if !is_proof {
            return Err(problem(ProblemCode::SecondFactorFailed, 401));
        }
        self.waiting.remove(&request.pending_login);
        self.open_session(username, kind)
    }

    pub fn second_factor(&self, username: &Username) -> SecondFactorView {
        let data = &self.accounts[username];
        SecondFactorView {
            totp_since_ms: data.has_app.then_some(self.now_ms),
            passkeys: data.passkeys.iter().map(|(view, _)| view.clone()).collect(),
            recovery_codes_left: data.recovery_codes.as_ref().map_or(0, Vec::len) as u32,
        }
    }

    /// Sets an app up, renews its recovery codes (without a body), or, with none, removes it.
    pub fn factor_write(&mut self, cookie: u64, body: Option<&[u8]>, renews: bool) -> Outcome {
        let username = self.need_fresh(cookie)?;
        if let Some(body) = body {
            let request: TotpWriteRequest = read(body)?;
            if request.code != APP_CODE {
                return Err(problem(ProblemCode::InvalidValue, 422));
            }
        }
        let made = self.rng.next_u64();
        let codes: Vec<String> = (0..10).map(|n| format!("{made:x}-{n}")).collect();
        let is_on = body.is_some() || renews;
        let data = self.data(username.as_str());
        data.has_app = is_on;
        data.recovery_codes = is_on.then(|| codes.clone());
        data.note(ChangedObject::Account);
        let second_factor = self.second_factor(&username);
        Ok(if is_on {
            json(&FactorAdded {
                second_factor,
                recovery_codes: codes,
            })
        } else {
            json(&second_factor)
        })
    }

    pub fn account_view(&mut self, cookie: u64) -> Outcome {
        let session = &self.sessions[&cookie];
        let data = &self.accounts[&session.username];
        Ok(json(&AccountView {
            account_id: data.id,
            username: session.username.clone(),
            session_id: SessionId::from_bytes(u128::from(cookie).to_be_bytes()),
            wrapped_account_key: data.credentials[session.kind.as_str()]
                .wrapped_account_key
                .clone(),
            sealed_keyring: data.keyring.clone(),
            certificate: data.certificate.clone(),
            inbox: data.inbox,
            has_recovery: data.credentials.contains_key("recovery"),
            has_second_factor: data.recovery_codes.is_some(),
            resume: session.resume.clone(),
            seq: data.seq(),
        }))
    }

    pub fn need_fresh(&self, cookie: u64) -> Result<Username, Box<smail_protocol::Problem>> {
        let session = &self.sessions[&cookie];
        if self.now_ms - session.created_ms > limits::FRESH_LOGIN_S * 1_000 {
            return Err(problem(ProblemCode::FreshLoginRequired, 403));
        }
        Ok(session.username.clone())
    }

    pub fn delete_account(&mut self, cookie: u64) -> Outcome {
        let username = self.need_fresh(cookie)?;
        self.accounts.remove(&username);
        self.sessions
            .retain(|_, session| session.username != username);
        Ok(Vec::new())
    }

    pub fn credential_start(&mut self, cookie: u64, kind: &str, body: &[u8]) -> Outcome {
        let username = self.need_fresh(cookie)?;
        let request: CredentialStartRequest = read(body)?;
        Ok(self.registration(
            &username,
            kind_of(kind),
            request.registration_request.as_slice(),
        ))
    }

    pub fn credential_write(&mut self, cookie: u64, kind: &str, body: &[u8]) -> Outcome {
        let username = self.need_fresh(cookie)?;
        let credential: WrappedCredential = read(body)?;
        RegistrationUpload::<Suite>::deserialize(credential.registration_record.as_slice())
            .unwrap();
        let kind = kind_of(kind);
        self.accounts
            .get_mut(&username)
            .unwrap()
            .credentials
            .insert(kind.as_str(), credential);
        if kind == CredentialKind::Password {
            self.sessions
                .retain(|other, session| *other == cookie || session.username != username);
            self.sessions.get_mut(&cookie).unwrap().kind = CredentialKind::Password;
        }
        Ok(Vec::new())
    }

    pub fn keys_write(&mut self, cookie: u64, body: &[u8]) -> Outcome {
        let username = self.need_fresh(cookie)?;
        let request: KeysWriteRequest = read(body)?;
        let data = self.data(username.as_str());
        if data.keyring == request.sealed_keyring {
            return Ok(Vec::new());
        }
        if Sha256::digest(data.keyring.as_slice())[..] != *request.replaces.as_slice() {
            return Err(problem(ProblemCode::VersionConflict, 409));
        }
        data.keyring = request.sealed_keyring;
        data.certificate = request.certificate;
        data.note(ChangedObject::Account);
        Ok(Vec::new())
    }

    pub fn resume_write(&mut self, cookie: u64, body: &[u8]) -> Outcome {
        let request: ResumeWriteRequest = read(body)?;
        self.sessions.get_mut(&cookie).unwrap().resume = Some(request.resume);
        Ok(Vec::new())
    }
}
