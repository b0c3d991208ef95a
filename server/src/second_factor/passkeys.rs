//! Passkeys: both ceremonies of Web Authentication (Level 3, section 7), which are `webauthn_rp`'s. Signatures are checked
//! here, and nothing is enciphered. No attestation is asked for: which maker's authenticator it is does not matter.

use super::passkey_site::{NoPasskeySite, PasskeySite};
use crate::store::{Passkey, PasskeyState};
use smail_protocol::limits::{PASSKEY_USER_HANDLE_BYTES, SECOND_FACTOR_S};
use smail_protocol::{
    AccountId, Bytes, FactorProof, PasskeyAsked, PasskeyDescriptor, PasskeyId,
    PasskeyStartResponse, PasskeyWriteRequest,
};
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::{
    AllowedCredentials, AuthenticationVerificationOptions, NonDiscoverableCredentialRequestOptions,
};
use webauthn_rp::request::register::{
    Extension, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity,
    RegistrationVerificationOptions, UserHandle,
};
use webauthn_rp::request::{
    Challenge, Credentials as _, PublicKeyCredentialDescriptor, UserVerificationRequirement,
};
use webauthn_rp::response::auth::NonDiscoverableAuthenticatorAssertion;
use webauthn_rp::response::register::{
    AuthenticatorAttestation, ClientExtensionsOutputs, DynamicState, StaticState,
};
use webauthn_rp::response::{
    AuthTransports, AuthenticatorAttachment, AuthenticatorTransport, CredentialId,
};
use webauthn_rp::{
    AuthenticatedCredential, NonDiscoverableAuthentication,
    NonDiscoverableAuthenticationServerState, Registration, RegistrationServerState,
};

const HANDLE: usize = PASSKEY_USER_HANDLE_BYTES;

/// What the library is told that the account is called. Clients put something of their own in its place.
const NOBODY: &str = "account";

/// Signature algorithms (COSE), in the order in which they are asked for: ECDSA with P-256 is what all authenticators can do,
/// RSA is what some of Windows have alone.
const ALGORITHMS: [i32; 4] = [-8, -7, -35, -257];

/// The library's words for how a browser reaches an authenticator, and the browsers'.
const TRANSPORTS: [(AuthenticatorTransport, &str); 6] = [
    (AuthenticatorTransport::Ble, "ble"),
    (AuthenticatorTransport::Hybrid, "hybrid"),
    (AuthenticatorTransport::Internal, "internal"),
    (AuthenticatorTransport::Nfc, "nfc"),
    (AuthenticatorTransport::SmartCard, "smart-card"),
    (AuthenticatorTransport::Usb, "usb"),
];

/// A passkey that is being added.
#[derive(Debug)]
pub(crate) struct AddingPasskey {
    account: AccountId,
    site: PasskeySite,
    user_handle: [u8; HANDLE],
    ceremony: RegistrationServerState<HANDLE>,
}

/// A login that a passkey is to prove.
#[derive(Debug)]
pub(crate) struct ProvingPasskey {
    site: PasskeySite,
    ceremony: NonDiscoverableAuthenticationServerState,
}

/// Why a ceremony did not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BeginError {
    /// The page's origin cannot have passkeys.
    #[error(transparent)]
    Site(#[from] NoPasskeySite),
    /// The library refuses what is kept, or its own choices: the server's fault.
    #[error("a ceremony could not be begun: {0}")]
    Kept(&'static str),
}

/// What an authenticator has sent is not what was asked for. Why, is for the log.
#[derive(Debug, thiserror::Error)]
#[error("a passkey was refused: {0}")]
pub(crate) struct Refused(String);

impl AddingPasskey {
    /// Begins to add a passkey to those that there are; `passkey_id` is to be its name.
    pub(crate) fn begin(
        account: AccountId,
        site: PasskeySite,
        passkey_id: PasskeyId,
        there: &[Passkey],
    ) -> Result<(Self, PasskeyStartResponse), BeginError> {
        let rp_id = site.rp_id()?;
        let user_handle = there
            .first()
            .map_or_else(rand::random, |other| other.user_handle);
        let id = UserHandle::from(user_handle);
        let user = PublicKeyCredentialUserEntity {
            name: NOBODY.try_into().map_err(|_| BeginError::Kept("name"))?,
            id: &id,
            display_name: None,
        };
        let others = there.iter().map(descriptor).collect::<Result<_, _>>()?;
        let mut options = PublicKeyCredentialCreationOptions::second_factor(&rp_id, user, others);
        options.authenticator_selection.user_verification = UserVerificationRequirement::Preferred;
        options.extensions = Extension::default();
        let challenge = challenge_bytes(&options.challenge);
        let (ceremony, _) = options
            .start_ceremony()
            .map_err(|_| BeginError::Kept("options"))?;
        let answer = PasskeyStartResponse {
            passkey_id,
            challenge,
            rp_id: site.domain().to_owned(),
            user_handle: user_handle.to_vec().into(),
            algorithms: ALGORITHMS.to_vec(),
            passkeys: there.iter().map(told).collect(),
            expires_in_s: SECOND_FACTOR_S,
        };
        let adding = Self {
            account,
            site,
            user_handle,
            ceremony,
        };
        Ok((adding, answer))
    }

    /// Whose passkey it is to be.
    pub(crate) const fn account(&self) -> AccountId {
        self.account
    }

    /// Checks what the authenticator has made; gives the passkey.
    pub(crate) fn finish(
        self,
        passkey_id: PasskeyId,
        request: PasskeyWriteRequest,
        now_ms: u64,
    ) -> Result<Passkey, Refused> {
        let refused = |why: &dyn std::fmt::Display| Refused(why.to_string());
        let rp_id = self.site.rp_id().map_err(|error| refused(&error))?;
        let made = Registration::new(
            AuthenticatorAttestation::new(
                request.client_data.into_vec(),
                request.attestation.into_vec(),
                read_transports(&request.transports),
            ),
            AuthenticatorAttachment::None,
            ClientExtensionsOutputs {
                cred_props: None,
                prf: None,
            },
        );
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.site.origin()],
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let credential = self
            .ceremony
            .verify(&rp_id, &made, &options)
            .map_err(|error| refused(&error))?;
        let Ok(key) = credential.static_state().encode();
        let Ok(state) = credential.dynamic_state().encode();
        let Ok(transports) = credential.transports().encode();
        Ok(Passkey {
            passkey_id,
            credential_id: credential.id().into_inner().to_vec(),
            transports,
            user_handle: self.user_handle,
            origin: self.site.origin().to_owned(),
            key,
            state,
            added_ms: now_ms,
            used_ms: None,
        })
    }
}

impl ProvingPasskey {
    /// Begins a login by one of the account's passkeys; none when it has none for this site.
    pub(crate) fn begin(
        site: PasskeySite,
        passkeys: &[Passkey],
    ) -> Result<Option<(Self, PasskeyAsked)>, BeginError> {
        let rp_id = site.rp_id()?;
        let here = || {
            passkeys
                .iter()
                .filter(|passkey| passkey.origin == site.origin())
        };
        let mut allowed = AllowedCredentials::with_capacity(passkeys.len());
        for passkey in here() {
            allowed.push(descriptor(passkey)?.into());
        }
        let Ok(mut options) =
            NonDiscoverableCredentialRequestOptions::second_factor(&rp_id, allowed)
        else {
            return Ok(None);
        };
        options.options().user_verification = UserVerificationRequirement::Preferred;
        let asked = PasskeyAsked {
            challenge: challenge_bytes(&options.options().challenge),
            rp_id: site.domain().to_owned(),
            passkeys: here().map(told).collect(),
            expires_in_s: SECOND_FACTOR_S,
        };
        let (ceremony, _) = options
            .start_ceremony()
            .map_err(|_| BeginError::Kept("options"))?;
        Ok(Some((Self { site, ceremony }, asked)))
    }

    /// Checks what one of these passkeys has signed; gives it, and its state from now on.
    pub(crate) fn finish<'a>(
        self,
        passkeys: &'a [Passkey],
        proof: &FactorProof,
    ) -> Result<(&'a Passkey, PasskeyState), Refused> {
        let refused = |why: &dyn std::fmt::Display| Refused(why.to_string());
        let FactorProof::Passkey {
            credential_id,
            client_data,
            authenticator_data,
            signature,
            user_handle,
        } = proof
        else {
            return Err(refused(&"no passkey's proof"));
        };
        let passkey = passkeys
            .iter()
            .find(|passkey| passkey.credential_id == credential_id.as_slice())
            .ok_or_else(|| refused(&"unknown"))?;
        let sent_handle = match user_handle.as_ref().map(Bytes::as_slice) {
            Some(sent) => {
                let sent: [u8; HANDLE] = sent.try_into().map_err(|_| refused(&"user handle"))?;
                Some(UserHandle::from(sent))
            }
            None => None,
        };
        let id = |bytes: &[u8]| CredentialId::try_from(bytes.to_vec());
        let raw_id = id(credential_id.as_slice()).map_err(|error| refused(&error))?;
        let signed = NonDiscoverableAuthentication::new(
            raw_id,
            NonDiscoverableAuthenticatorAssertion::with_optional_user(
                client_data.as_slice().to_vec(),
                authenticator_data.as_slice().to_vec(),
                signature.as_slice().to_vec(),
                sent_handle,
            ),
            AuthenticatorAttachment::None,
        );
        let rp_id = self.site.rp_id().map_err(|error| refused(&error))?;
        let user_handle = UserHandle::from(passkey.user_handle);
        let mut credential = AuthenticatedCredential::new(
            signed.raw_id(),
            &user_handle,
            StaticState::decode(&passkey.key).map_err(|error| refused(&error))?,
            DynamicState::decode(passkey.state).map_err(|error| refused(&error))?,
        )
        .map_err(|error| refused(&error))?;
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &[&passkey.origin],
            error_on_unsolicited_extensions: false,
            update_uv: true,
            ..AuthenticationVerificationOptions::default()
        };
        self.ceremony
            .verify(&rp_id, &signed, &mut credential, &options)
            .map_err(|error| refused(&error))?;
        let Ok(state) = credential.dynamic_state().encode();
        Ok((passkey, state))
    }
}

/// A challenge as browsers are given it, and give it back in what is signed.
fn challenge_bytes(challenge: &Challenge) -> Bytes {
    challenge.as_data().to_le_bytes().to_vec().into()
}

fn descriptor(passkey: &Passkey) -> Result<PublicKeyCredentialDescriptor<Vec<u8>>, BeginError> {
    Ok(PublicKeyCredentialDescriptor {
        id: CredentialId::try_from(passkey.credential_id.clone())
            .map_err(|_| BeginError::Kept("credential id"))?,
        transports: AuthTransports::decode(passkey.transports)
            .map_err(|_| BeginError::Kept("transports"))?,
    })
}

fn told(passkey: &Passkey) -> PasskeyDescriptor {
    let known = AuthTransports::decode(passkey.transports).unwrap_or(AuthTransports::NONE);
    let names = TRANSPORTS
        .iter()
        .filter(|(transport, _)| known.contains(*transport))
        .map(|(_, name)| (*name).to_owned());
    PasskeyDescriptor {
        credential_id: passkey.credential_id.clone().into(),
        transports: names.collect(),
    }
}

/// The transports that are known among those that a browser names.
fn read_transports(names: &[String]) -> AuthTransports {
    let known = TRANSPORTS
        .iter()
        .filter(|(_, known)| names.iter().any(|name| name == known));
    known.fold(AuthTransports::NONE, |all, (transport, _)| {
        all.add(*transport)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use webauthn_rp::response::Backup;
    use webauthn_rp::response::register::CompressedPubKey;

    #[test]
    fn transports_are_kept_and_told_and_new_ones_passed_over() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        let Ok(transports) = read_transports(&names(&["usb", "telepathy", "nfc"])).encode();
        assert_eq!(transports, 0x28, "as it is on disks out there");
        let passkey = Passkey {
            passkey_id: PasskeyId::from_bytes([1; 16]),
            credential_id: vec![2; 16],
            transports,
            user_handle: [3; HANDLE],
            origin: "https://mail.example".to_owned(),
            key: Vec::new(),
            state: PasskeyState::default(),
            added_ms: 0,
            used_ms: None,
        };
        assert_eq!(told(&passkey).transports, names(&["nfc", "usb"]));
    }

    /// The library's forms lie in stores: a version of it that reads others is none to change to without more.
    #[test]
    fn keys_and_states_on_disks_out_there_are_read() {
        let p256 = [&[1][..], &[7; 32], &[1, 0, 0]].concat();
        let read = StaticState::decode(&p256).unwrap();
        match read.credential_public_key {
            CompressedPubKey::P256(key) => assert_eq!(key.into_parts(), ([7; 32], true)),
            other => panic!("{other:?}"),
        }
        let ed25519 = [&[0][..], &[7; 32], &[0, 0]].concat();
        let read = StaticState::decode(&ed25519).unwrap();
        match read.credential_public_key {
            CompressedPubKey::Ed25519(key) => assert_eq!(key.into_inner(), [7; 32]),
            other => panic!("{other:?}"),
        }
        let state = [1, 2, 5, 1, 0, 0, 2];
        let read = DynamicState::decode(state).unwrap();
        assert!(read.user_verified && matches!(read.backup, Backup::Exists));
        assert_eq!(read.sign_count, 0x0105);
        assert_eq!(read.encode(), Ok(state));
    }
}
