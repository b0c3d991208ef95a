//! Makes certificates and secret keys with any fault, out of single packets.

use crate::common::rng;
use pgp::composed::{
    KeyType, SignedKeyDetails, SignedPublicKey, SignedSecretKey, SignedSecretSubKey,
};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    KeyFlags, Notation, PacketTrait as _, PubKeyInner, PublicKey, PublicSubkey, RevocationCode,
    SecretKey, SecretSubkey, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData,
    UserId,
};
use pgp::ser::Serialize as _;
use pgp::types::{
    Duration, KeyDetails as _, KeyVersion, Password, SignedUser, SigningKey, Tag, Timestamp,
};
use rand_chacha::ChaCha20Rng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, TransferableSecretKey};
use std::sync::LazyLock;

/// When forged keys are made, unless told otherwise.
pub(crate) const MADE: u32 = 1_700_000_000;
pub(crate) const DAY_S: u32 = 86_400;
/// When forged signatures are read: long after.
pub(crate) const READ: UnixSeconds = UnixSeconds::new(MADE as u64 + 5_000 * DAY_S as u64);

/// A time this many days after [`MADE`].
pub(crate) fn day(days: u32) -> UnixSeconds {
    UnixSeconds::new(u64::from(MADE + days * DAY_S))
}

/// What may be done to a signature before it is made.
pub(crate) type Change<'a> = &'a dyn Fn(&mut SignatureConfig);

pub(crate) const UNCHANGED: Change<'static> = &|_| ();

/// A key in the making.
pub(crate) struct Forge {
    rng: ChaCha20Rng,
    pub(crate) primary: SecretKey,
    pub(crate) revocations: Vec<Signature>,
    pub(crate) direct: Vec<Signature>,
    pub(crate) users: Vec<SignedUser>,
    pub(crate) subkeys: Vec<SignedSecretSubKey>,
}

impl Forge {
    /// A primary key alone.
    pub(crate) fn new(seed: u64) -> Self {
        Self::of_type(seed, KeyType::Ed25519Legacy, MADE)
    }

    /// A version 6 primary key alone.
    pub(crate) fn v6(seed: u64) -> Self {
        Self::of_version(KeyVersion::V6, seed, KeyType::Ed25519, MADE)
    }

    pub(crate) fn of_type(seed: u64, key_type: KeyType, created: u32) -> Self {
        Self::of_version(KeyVersion::V4, seed, key_type, created)
    }

    fn of_version(version: KeyVersion, seed: u64, key_type: KeyType, created: u32) -> Self {
        let mut rng = rng(seed);
        let (public, secret) = key_type.generate(&mut rng).unwrap();
        let created = Timestamp::from_secs(created);
        let inner = PubKeyInner::new(version, key_type.to_alg(), created, None, public).unwrap();
        let primary = SecretKey::new(PublicKey::from_inner(inner).unwrap(), secret).unwrap();
        Self {
            rng,
            primary,
            revocations: vec![],
            direct: vec![],
            users: vec![],
            subkeys: vec![],
        }
    }

    /// An RSA primary key, which unlike an EdDSA key signs with any hash. Always the same: it takes long to make.
    pub(crate) fn rsa() -> Self {
        static PRIMARY: LazyLock<SecretKey> =
            LazyLock::new(|| Forge::of_type(10, KeyType::Rsa(2_048), MADE).primary);
        let mut forge = Self::new(10);
        forge.primary = PRIMARY.clone();
        forge
    }

    /// A key with nothing wrong: signing primary key, encryption subkey.
    pub(crate) fn sound(seed: u64) -> Self {
        Self::new(seed)
            .user("alice@example.org", UNCHANGED)
            .encryption_subkey(UNCHANGED)
    }

    /// The same RSA key as a subkey, which can encrypt and sign.
    pub(crate) fn rsa_as_subkey() -> SecretSubkey {
        let rsa = Self::rsa().primary;
        let made = Timestamp::from_secs(MADE);
        let params = rsa.public_params().clone();
        let inner = PubKeyInner::new(KeyVersion::V4, rsa.algorithm(), made, None, params).unwrap();
        let public = PublicSubkey::from_inner(inner).unwrap();
        SecretSubkey::new(public, rsa.secret_params().clone()).unwrap()
    }

    /// The beginning of every self-signature.
    pub(crate) fn config(&self, typ: SignatureType) -> SignatureConfig {
        config_by(&self.primary, typ)
    }

    /// A direct key signature, with flags certify and sign.
    pub(crate) fn direct(mut self, change: Change<'_>) -> Self {
        let mut config = self.config(SignatureType::Key);
        push(&mut config, SubpacketData::KeyFlags(flags("certify sign")));
        change(&mut config);
        let signature = config
            .sign_key(&self.primary, &Password::empty(), self.primary.public_key())
            .unwrap();
        self.direct.push(signature);
        self
    }

    /// Certifies the last User ID once more.
    pub(crate) fn again(mut self, days: u32, change: Change<'_>) -> Self {
        let id = self.users.last().unwrap().id.clone();
        let id = std::str::from_utf8(id.id()).unwrap();
        let signed = self.certified_by(&self.primary, id, &|config| {
            set_created(config, MADE + days * DAY_S);
            change(config);
        });
        let user = self.users.last_mut().unwrap();
        user.signatures.extend(signed.signatures);
        self
    }

    /// A detached signature over this text, by the primary key or by a subkey.
    pub(crate) fn signature(&self, by: Signer, text: &[u8], change: Change<'_>) -> Vec<u8> {
        let none = Password::empty();
        let signature = match by {
            Signer::Primary => {
                let mut config = self.config(SignatureType::Binary);
                change(&mut config);
                config.sign(&self.primary, &none, text).unwrap()
            }
            Signer::Subkey(index) => {
                let subkey = &self.subkeys[index].key;
                let mut config = config_by(subkey, SignatureType::Binary);
                change(&mut config);
                config.sign(subkey, &none, text).unwrap()
            }
        };
        let mut packet = vec![];
        signature.to_writer_with_header(&mut packet).unwrap();
        packet
    }

    /// A User ID, with flags certify and sign.
    pub(crate) fn user(mut self, id: &str, change: Change<'_>) -> Self {
        let signed = self.certified_by(&self.primary, id, change);
        self.users.push(signed);
        self
    }

    pub(crate) fn certified_by(
        &self,
        signer: &SecretKey,
        id: &str,
        change: Change<'_>,
    ) -> SignedUser {
        let id = UserId::from_str(Default::default(), id).unwrap();
        let mut config = self.config(SignatureType::CertPositive);
        push(&mut config, SubpacketData::KeyFlags(flags("certify sign")));
        change(&mut config);
        let signature = config
            .sign_certification_third_party(
                signer,
                &Password::empty(),
                self.primary.public_key(),
                Tag::UserId,
                &id,
            )
            .unwrap();
        SignedUser::new(id, vec![signature])
    }

    /// Takes the last User ID back.
    pub(crate) fn revoke_user(mut self, days: u32) -> Self {
        let mut config = self.config(SignatureType::CertRevocation);
        set_created(&mut config, MADE + days * DAY_S);
        let user = self.users.last_mut().unwrap();
        let signature = config
            .sign_certification(
                &self.primary,
                self.primary.public_key(),
                &Password::empty(),
                Tag::UserId,
                &user.id,
            )
            .unwrap();
        user.signatures.push(signature);
        self
    }

    /// An ECDH subkey, or X25519 in version 6.
    pub(crate) fn encryption_subkey(self, change: Change<'_>) -> Self {
        let key_type = match self.primary.version() {
            KeyVersion::V6 => KeyType::X25519,
            _ => ECDH,
        };
        self.subkey(key_type, MADE, &|config| {
            push(config, SubpacketData::KeyFlags(flags("encrypt")));
            change(config);
        })
    }

    /// A subkey of any kind, without flags.
    pub(crate) fn subkey(mut self, key_type: KeyType, created: u32, change: Change<'_>) -> Self {
        let subkey = self.bare_subkey(key_type, created);
        let binding = self.binding(&self.primary, &subkey, change);
        self.subkeys
            .push(SignedSecretSubKey::new(subkey, vec![binding]));
        self
    }

    pub(crate) fn bare_subkey(&mut self, key_type: KeyType, created: u32) -> SecretSubkey {
        let (public, secret) = key_type.generate(&mut self.rng).unwrap();
        let inner = PubKeyInner::new(
            self.primary.version(),
            key_type.to_alg(),
            Timestamp::from_secs(created),
            None,
            public,
        )
        .unwrap();
        SecretSubkey::new(PublicSubkey::from_inner(inner).unwrap(), secret).unwrap()
    }

    pub(crate) fn binding(
        &self,
        signer: &SecretKey,
        subkey: &SecretSubkey,
        change: Change<'_>,
    ) -> Signature {
        let mut config = self.config(SignatureType::SubkeyBinding);
        change(&mut config);
        config
            .sign_subkey_binding(
                signer,
                self.primary.public_key(),
                &Password::empty(),
                subkey.public_key(),
            )
            .unwrap()
    }

    /// An EdDSA subkey that signs, with a signature by it over the primary key in return.
    pub(crate) fn signing_subkey(self, back: Change<'_>) -> Self {
        self.signing_subkey_with(|forge, subkey| {
            let signature = forge.back_signature(subkey, back);
            Some(SubpacketData::EmbeddedSignature(Box::new(signature)))
        })
    }

    /// The same, with anything in that place.
    pub(crate) fn signing_subkey_with(
        mut self,
        back: impl Fn(&Self, &SecretSubkey) -> Option<SubpacketData>,
    ) -> Self {
        let subkey = self.bare_subkey(KeyType::Ed25519Legacy, MADE);
        let back = back(&self, &subkey);
        let binding = self.binding(&self.primary, &subkey, &|config| {
            push(config, SubpacketData::KeyFlags(flags("sign")));
            if let Some(back) = &back {
                push(config, back.clone());
            }
        });
        self.subkeys
            .push(SignedSecretSubKey::new(subkey, vec![binding]));
        self
    }

    /// By a subkey, over the primary key.
    pub(crate) fn back_signature(&self, by: &SecretSubkey, change: Change<'_>) -> Signature {
        let mut config = config_by(by, SignatureType::KeyBinding);
        change(&mut config);
        config
            .sign_primary_key_binding(
                by,
                by.public_key(),
                &Password::empty(),
                self.primary.public_key(),
            )
            .unwrap()
    }

    /// Revokes the certificate.
    pub(crate) fn revoked(self, reason: Option<RevocationCode>, days: u32) -> Self {
        self.revoked_as(reason, days, UNCHANGED)
    }

    pub(crate) fn revoked_as(
        mut self,
        reason: Option<RevocationCode>,
        days: u32,
        change: Change<'_>,
    ) -> Self {
        let mut config = self.config(SignatureType::KeyRevocation);
        set_created(&mut config, MADE + days * DAY_S);
        push_reason(&mut config, reason);
        change(&mut config);
        let signature = config
            .sign_key(&self.primary, &Password::empty(), self.primary.public_key())
            .unwrap();
        self.revocations.push(signature);
        self
    }

    /// Revokes the last subkey.
    pub(crate) fn subkey_revoked(mut self, reason: Option<RevocationCode>, days: u32) -> Self {
        let mut config = self.config(SignatureType::SubkeyRevocation);
        set_created(&mut config, MADE + days * DAY_S);
        push_reason(&mut config, reason);
        let subkey = self.subkeys.last_mut().unwrap();
        let signature = config
            .sign_subkey_binding(
                &self.primary,
                self.primary.public_key(),
                &Password::empty(),
                subkey.key.public_key(),
            )
            .unwrap();
        subkey.signatures.push(signature);
        self
    }

    pub(crate) fn signed_secret_key(self) -> SignedSecretKey {
        let details = SignedKeyDetails::new(self.revocations, self.direct, self.users, vec![]);
        SignedSecretKey::new(self.primary, details, vec![], self.subkeys)
    }

    pub(crate) fn secret_key(self) -> TransferableSecretKey {
        TransferableSecretKey::from_bytes(&self.signed_secret_key().to_bytes().unwrap()).unwrap()
    }

    pub(crate) fn certificate(self) -> Certificate {
        let public: SignedPublicKey = self.signed_secret_key().to_public_key();
        Certificate::from_bytes(&public.to_bytes().unwrap()).unwrap()
    }
}

/// Whose signature over data.
#[derive(Clone, Copy)]
pub(crate) enum Signer {
    Primary,
    Subkey(usize),
}

pub(crate) const ECDH: KeyType = KeyType::ECDH(ECCCurve::Curve25519Legacy);

fn config_by(key: &impl SigningKey, typ: SignatureType) -> SignatureConfig {
    let algorithm = key.algorithm();
    let hash = match algorithm {
        PublicKeyAlgorithm::ECDSA | PublicKeyAlgorithm::Ed448 => key.hash_alg(),
        _ => HashAlgorithm::Sha256,
    };
    let mut config = match key.version() {
        KeyVersion::V6 => SignatureConfig::v6_with_salt(typ, algorithm, hash, vec![0x5a; 16]),
        _ => SignatureConfig::v4(typ, algorithm, hash),
    };
    set_created(&mut config, MADE);
    push(
        &mut config,
        SubpacketData::IssuerFingerprint(key.fingerprint()),
    );
    config
}

/// Says that another key made the signature.
pub(crate) fn set_issuer(config: &mut SignatureConfig, key: &SecretKey) {
    config
        .hashed_subpackets
        .retain(|subpacket| !matches!(subpacket.data, SubpacketData::IssuerFingerprint(_)));
    push(config, SubpacketData::IssuerFingerprint(key.fingerprint()));
}

/// Puts other flags in the place of those that are there.
pub(crate) fn set_flags(config: &mut SignatureConfig, names: &str) {
    config
        .hashed_subpackets
        .retain(|subpacket| !matches!(subpacket.data, SubpacketData::KeyFlags(_)));
    push(config, SubpacketData::KeyFlags(flags(names)));
}

pub(crate) fn push(config: &mut SignatureConfig, data: SubpacketData) {
    config
        .hashed_subpackets
        .push(Subpacket::regular(data).unwrap());
}

pub(crate) fn push_critical(config: &mut SignatureConfig, data: SubpacketData) {
    config
        .hashed_subpackets
        .push(Subpacket::critical(data).unwrap());
}

fn push_reason(config: &mut SignatureConfig, reason: Option<RevocationCode>) {
    if let Some(code) = reason {
        push(
            config,
            SubpacketData::RevocationReason(code, Vec::new().into()),
        );
    }
}

pub(crate) fn set_created(config: &mut SignatureConfig, seconds: u32) {
    config
        .hashed_subpackets
        .retain(|subpacket| !matches!(subpacket.data, SubpacketData::SignatureCreationTime(_)));
    push(
        config,
        SubpacketData::SignatureCreationTime(Timestamp::from_secs(seconds)),
    );
}

pub(crate) fn expires_after(days: u32) -> SubpacketData {
    SubpacketData::KeyExpirationTime(Duration::from_secs(days * DAY_S))
}

pub(crate) fn notation() -> SubpacketData {
    SubpacketData::Notation(Notation {
        readable: true,
        name: "unknown@example.org".into(),
        value: "1".into(),
    })
}

pub(crate) fn flags(names: &str) -> KeyFlags {
    let mut flags = KeyFlags::default();
    for name in names.split_whitespace() {
        match name {
            "certify" => flags.set_certify(true),
            "sign" => flags.set_sign(true),
            "encrypt" => flags.set_encrypt_comms(true),
            "store" => flags.set_encrypt_storage(true),
            "authenticate" => flags.set_authentication(true),
            other => panic!("no flag {other}"),
        }
    }
    flags
}
