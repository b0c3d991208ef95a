#![no_main]
//! Sealed envelopes, wrapped account keys and recovery codes.

use libfuzzer_sys::fuzz_target;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use smail_crypto_core::envelope::{self, Binding, Kind};
use smail_crypto_core::{AccountKey, EnvelopeKey, ExportKey, Object, Owner, RecoveryCode};

const OWNER: Owner = Owner([1; 16]);

fuzz_target!(|input: &[u8]| {
    let (Ok(key), Ok(export_key)) = (
        EnvelopeKey::from_slice(&[9; 32]),
        ExportKey::from_slice(&[8; 64]),
    ) else {
        return;
    };
    let binding = Binding {
        kind: Kind::State,
        owner: OWNER,
        object: Object([2; 16]),
        version: 3,
    };
    assert!(
        envelope::open(&key, &binding, input).is_err(),
        "a forgery opened"
    );
    assert!(AccountKey::unwrap_with_export_key(&export_key, OWNER, input).is_err());

    let mut rng = ChaCha20Rng::seed_from_u64(1);
    if let Ok(sealed) = envelope::seal(&key, &binding, input, &mut rng) {
        let opened = envelope::open(&key, &binding, &sealed);
        assert!(opened.is_ok_and(|opened| opened.as_slice() == input));
    }
    if let Ok(code) =
        std::str::from_utf8(input).map_or(Err(()), |text| RecoveryCode::parse(text).map_err(drop))
    {
        assert!(RecoveryCode::parse(&code.expose_text()).is_ok());
    }
});
