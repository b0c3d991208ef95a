//! Passkeys of the server in memory: it takes any, and one signature. What a signature is worth is the real server's to test.

use super::world::{Outcome, World, json, problem, read};
use rand_chacha::rand_core::RngCore;
use smail_protocol::{
    Bytes, ChangedObject, FactorAdded, FactorKind, PasskeyAskRequest, PasskeyAsked,
    PasskeyDescriptor, PasskeyId, PasskeyStartResponse, PasskeyView, PasskeyWriteRequest,
    ProblemCode, Username, limits,
};

/// What stands for the signature of any passkey.
pub const SIGNED_BY_A_PASSKEY: &[u8] = b"signed";
const CHALLENGE: &[u8] = b"sixteen octets..";

impl World {
    pub fn kinds(&self, username: &Username) -> Vec<FactorKind> {
        let data = &self.accounts[username];
        let kinds = [
            (!data.passkeys.is_empty()).then_some(FactorKind::Passkey),
            data.has_app.then_some(FactorKind::Totp),
            Some(FactorKind::RecoveryCode),
        ];
        kinds.into_iter().flatten().collect()
    }

    pub fn passkey_start(&mut self, cookie: u64) -> Outcome {
        let username = self.need_fresh(cookie)?;
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let passkey_id = PasskeyId::from_bytes(id);
        let data = self.data(username.as_str());
        data.adding = Some(passkey_id);
        Ok(json(&PasskeyStartResponse {
            passkey_id,
            challenge: CHALLENGE.to_vec().into(),
            rp_id: "localhost".to_owned(),
            user_handle: vec![7; limits::PASSKEY_USER_HANDLE_BYTES].into(),
            algorithms: vec![-7],
            passkeys: descriptors(&data.passkeys),
            expires_in_s: limits::SECOND_FACTOR_S,
        }))
    }

    pub fn passkey_write(&mut self, cookie: u64, id: &str, body: &[u8]) -> Outcome {
        let username = self.need_fresh(cookie)?;
        let request: PasskeyWriteRequest = read(body)?;
        let now_ms = self.now_ms;
        let data = self.data(username.as_str());
        let adding = data.adding.take().filter(|adding| adding.to_string() == id);
        let passkey_id = adding.ok_or_else(|| problem(ProblemCode::NotFound, 404))?;
        if data.passkeys.len() >= limits::MAX_PASSKEYS {
            let mut full = problem(ProblemCode::InvalidValue, 422);
            full.field = Some("passkeys".to_owned());
            return Err(full);
        }
        let view = PasskeyView {
            passkey_id,
            added_ms: now_ms,
            used_ms: None,
        };
        data.passkeys.push((view, request.attestation));
        let is_first = data.recovery_codes.is_none();
        let codes: Vec<String> = (0..10).map(|n| format!("{id}-{n}")).collect();
        data.recovery_codes.get_or_insert(codes.clone());
        data.note(ChangedObject::Account);
        Ok(json(&FactorAdded {
            second_factor: self.second_factor(&username),
            recovery_codes: if is_first { codes } else { Vec::new() },
        }))
    }

    pub fn passkey_remove(&mut self, cookie: u64, id: &str) -> Outcome {
        let username = self.need_fresh(cookie)?;
        let data = self.data(username.as_str());
        let before = data.passkeys.len();
        data.passkeys
            .retain(|(view, _)| view.passkey_id.to_string() != id);
        if data.passkeys.len() == before {
            return Err(problem(ProblemCode::NotFound, 404));
        }
        if data.passkeys.is_empty() && !data.has_app {
            data.recovery_codes = None;
        }
        data.note(ChangedObject::Account);
        Ok(json(&self.second_factor(&username)))
    }

    pub fn login_passkey(&mut self, body: &[u8]) -> Outcome {
        let request: PasskeyAskRequest = read(body)?;
        let waiting = self.waiting.get(&request.pending_login);
        let (username, _) =
            waiting.ok_or_else(|| problem(ProblemCode::SecondFactorExpired, 401))?;
        Ok(json(&PasskeyAsked {
            challenge: CHALLENGE.to_vec().into(),
            rp_id: "localhost".to_owned(),
            passkeys: descriptors(&self.accounts[username].passkeys),
            expires_in_s: limits::SECOND_FACTOR_S,
        }))
    }
}

fn descriptors(passkeys: &[(PasskeyView, Bytes)]) -> Vec<PasskeyDescriptor> {
    let descriptor = |(_, name): &(PasskeyView, Bytes)| PasskeyDescriptor {
        credential_id: name.clone(),
        transports: vec!["usb".to_owned()],
    };
    passkeys.iter().map(descriptor).collect()
}
