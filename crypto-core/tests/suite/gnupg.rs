//! Together with GnuPG: it takes our certificates, writes to us, reads what we write and checks our signatures.

use crate::common::rng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, CertificateError, Limits, Readers, SignatureVerdict,
    TransferableSecretKey, armor, decrypt_and_verify, encrypt_and_sign, sign_detached,
    verify_detached,
};
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

const TEXT: &[u8] = b"hello\r\nfrom the other side\r\n";
const GPG_USER: &str = "bob@example.net";

/// GnuPG with a home of its own. Its agent listens on a socket inside, so the path has to be short.
struct Gpg {
    home: TempDir,
}

impl Gpg {
    fn new() -> Self {
        let home = tempfile::Builder::new()
            .prefix("gpg")
            .tempdir_in("/tmp")
            .unwrap();
        Self { home }
    }

    fn with_key(algorithm: &str, usage: &str) -> Self {
        let gpg = Self::new();
        gpg.run(
            &["--quick-gen-key", GPG_USER, algorithm, usage, "never"],
            b"",
        );
        gpg
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs gpg; gives standard output, and standard error as text.
    fn try_run(&self, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>, String) {
        let gpg = std::env::var_os("GPG").unwrap_or_else(|| "gpg".into());
        let mut child = Command::new(gpg)
            .arg("--homedir")
            .arg(self.home.path())
            .args([
                "--batch",
                "--yes",
                "--no-tty",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                "",
            ])
            .args(["--trust-model", "always", "--status-fd", "2"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("GnuPG is needed for this test");
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.success(),
            output.stdout,
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> (Vec<u8>, String) {
        let (success, output, messages) = self.try_run(arguments, input);
        assert!(success, "gpg {arguments:?}: {messages}");
        (output, messages)
    }

    fn certificate(&self) -> Certificate {
        Certificate::from_bytes(&self.run(&["--export", GPG_USER], b"").0).unwrap()
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let mut stop = Command::new("gpgconf");
        stop.arg("--homedir")
            .arg(self.home.path())
            .args(["--kill", "all"]);
        drop(stop.status());
    }
}

fn now() -> UnixSeconds {
    UnixSeconds::new(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    )
}

fn alice() -> TransferableSecretKey {
    TransferableSecretKey::generate("alice@example.org", now(), &mut rng(90)).unwrap()
}

fn import(gpg: &Gpg, certificate: &Certificate) {
    gpg.run(&["--import"], certificate.to_armored().as_bytes());
}

fn is_valid(verdict: &SignatureVerdict, signer: &Certificate) -> bool {
    matches!(verdict, SignatureVerdict::Valid(valid) if valid.signer == signer.fingerprint())
}

/// The text of a certificate ends in three ways, and GnuPG sees the end of one of them by the checksum alone.
#[test]
fn gnupg_imports_certificates_of_any_length() {
    let gpg = Gpg::with_key("ed25519", "sign");
    let mut lengths = [false; 3];
    for seed in 0..1_000 {
        let address = format!("{}@example.org", "a".repeat(1 + seed % 3));
        let key = TransferableSecretKey::generate(&address, now(), &mut rng(seed as u64)).unwrap();
        let length = key.certificate().to_bytes().len() % 3;
        if !std::mem::replace(&mut lengths[length], true) {
            import(&gpg, key.certificate());
        }
        if lengths == [true; 3] {
            return;
        }
    }
    panic!("{lengths:?}");
}

#[test]
fn gnupg_imports_our_certificate_and_writes_to_us() {
    let (gpg, alice) = (Gpg::with_key("ed25519", "sign"), alice());
    import(&gpg, alice.certificate());
    let (listing, _) = gpg.run(&["--list-keys", "--with-colons", "alice@example.org"], b"");
    let fingerprint = alice.fingerprint().to_string().replace(' ', "");
    assert!(String::from_utf8(listing).unwrap().contains(&fingerprint));

    let arguments = [
        "--encrypt",
        "--sign",
        "--local-user",
        GPG_USER,
        "--recipient",
        "alice@example.org",
    ];
    for extra in [
        &[][..],
        &["--armor"],
        &["--compress-algo", "zlib"],
        &["--compress-algo", "none"],
        &["--throw-keyids"],
    ] {
        let (message, _) = gpg.run(&[&arguments[..], extra].concat(), TEXT);
        let known = [gpg.certificate()];
        let read = decrypt_and_verify(&message, &alice, &known, now(), &Limits::DEFAULT).unwrap();
        assert_eq!(read.plaintext.as_slice(), TEXT, "{extra:?}");
        assert!(
            is_valid(&read.signature, &known[0]),
            "{extra:?} {:?}",
            read.signature
        );
    }
}

#[test]
fn gnupg_reads_and_verifies_what_we_write() {
    for (algorithm, usage) in [("future-default", "default"), ("rsa2048", "sign,encrypt")] {
        let (gpg, alice) = (Gpg::with_key(algorithm, usage), alice());
        import(&gpg, alice.certificate());
        let bob = gpg.certificate().usable_at(now()).unwrap();
        assert_eq!(bob.addresses(), [GPG_USER]);
        let ourselves = alice.certificate().usable_at(now()).unwrap();
        let message =
            encrypt_and_sign(TEXT, &alice, &[bob, ourselves], now(), &mut rng(91)).unwrap();
        let (plaintext, messages) = gpg.run(&["--decrypt", "--try-all-secrets"], &message);
        assert_eq!(plaintext, TEXT, "{algorithm}");
        assert!(messages.contains("GOODSIG"), "{algorithm}: {messages}");
        assert!(
            messages.contains("DECRYPTION_OKAY"),
            "{algorithm}: {messages}"
        );
    }
}

#[test]
fn gnupg_verifies_our_detached_signature() {
    let (gpg, alice) = (Gpg::new(), alice());
    import(&gpg, alice.certificate());
    let signature = sign_detached(TEXT, &alice, now(), &mut rng(92)).unwrap();
    let signature = gpg.file("signature", &signature);
    let (_, messages) = gpg.run(&["--verify", &signature, &gpg.file("text", TEXT)], b"");
    assert!(
        messages.contains("GOODSIG") && messages.contains("VALIDSIG"),
        "{messages}"
    );
    let (success, _, messages) =
        gpg.try_run(&["--verify", &signature, &gpg.file("text", b"other")], b"");
    assert!(!success && messages.contains("BADSIG"), "{messages}");
}

#[test]
fn we_verify_gnupg_s_detached_signatures() {
    for algorithm in ["ed25519", "rsa2048", "nistp256"] {
        let gpg = Gpg::with_key(algorithm, "sign");
        let known = [gpg.certificate()];
        for extra in [
            &[][..],
            &["--armor"],
            &["--textmode"],
            &["--digest-algo", "SHA256"],
        ] {
            let (signature, _) = gpg.run(&[&["--detach-sign"], extra].concat(), TEXT);
            let verdict = verify_detached(TEXT, &signature, &known, now()).unwrap();
            assert!(
                is_valid(&verdict, &known[0]),
                "{algorithm} {extra:?} {verdict:?}"
            );
        }
    }
}

#[test]
fn weak_keys_and_hashes_of_gnupg_are_refused() {
    let gpg = Gpg::with_key("dsa2048", "sign");
    assert_eq!(
        gpg.certificate().usable_at(now()).unwrap_err(),
        CertificateError::WeakAlgorithm
    );

    let gpg = Gpg::with_key("rsa2048", "sign");
    let known = [gpg.certificate()];
    assert_eq!(
        known[0].usable_at(now()).unwrap_err(),
        CertificateError::NoEncryptionKey
    );
    let (signature, _) = gpg.run(&["--detach-sign", "--digest-algo", "SHA1"], TEXT);
    let verdict = verify_detached(TEXT, &signature, &known, now()).unwrap();
    assert_eq!(verdict.code(), "signature-invalid");
}

#[test]
fn a_key_that_gnupg_revoked_is_revoked() {
    let gpg = Gpg::with_key("future-default", "default");
    let fingerprint = gpg.certificate().fingerprint().to_string().replace(' ', "");
    let path = gpg
        .path("openpgp-revocs.d")
        .join(format!("{fingerprint}.rev"));
    // GnuPG puts a colon in front, so that nobody revokes a key by accident.
    let revocation = fs::read_to_string(path)
        .unwrap()
        .replace(":-----BEGIN", "-----BEGIN");
    gpg.run(&["--import"], revocation.as_bytes());
    assert_eq!(
        gpg.certificate().usable_at(now()).unwrap_err(),
        CertificateError::Revoked
    );
}

#[test]
fn gnupg_takes_our_locked_secret_key_and_reads_and_signs_with_it() {
    let (alice, gpg) = (alice(), Gpg::new());
    let renewed = alice.renewed(now(), &mut rng(97)).unwrap();
    for keys in [alice, renewed] {
        let locked = keys
            .without_post_quantum()
            .unwrap()
            .lock(b"correct horse", Readers::Rfc4880, &mut rng(98))
            .unwrap();
        let text = armor(ArmorKind::SecretKey, &locked);
        let gpg_with = |arguments: &[&str], input: &[u8]| {
            let mut all = vec!["--passphrase", "correct horse"];
            all.extend(arguments);
            gpg.run(&all, input)
        };
        gpg_with(&["--import"], text.as_bytes());
        let (ciphertext, _) = gpg.run(&["--encrypt", "-r", "alice@example.org"], TEXT);
        assert_eq!(gpg_with(&["--decrypt"], &ciphertext).0, TEXT);
        let read = decrypt_and_verify(&ciphertext, &keys, &[], now(), &Limits::DEFAULT).unwrap();
        assert_eq!(&read.plaintext[..], TEXT);
        let (signature, _) = gpg_with(&["--detach-sign", "-u", "alice@example.org"], TEXT);
        let signers = [keys.certificate().clone()];
        let verdict = verify_detached(TEXT, &signature, &signers, now()).unwrap();
        assert!(is_valid(&verdict, keys.certificate()), "{verdict:?}");
    }
}
