//! ASCII armor (RFC 9580, section 6).

use super::limits::MAX_ARMORED_BYTES;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pgp::armor::{BlockType, Dearmor};
use std::borrow::Cow;
use std::io::Read as _;

const LINE_SYMBOLS: usize = 64;

/// What an armored block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArmorKind {
    /// A message.
    Message,
    /// Detached signatures.
    Signature,
    /// A certificate (transferable public key).
    Certificate,
    /// A transferable secret key.
    SecretKey,
}

impl ArmorKind {
    const fn label(self) -> &'static str {
        match self {
            Self::Message => "PGP MESSAGE",
            Self::Signature => "PGP SIGNATURE",
            Self::Certificate => "PGP PUBLIC KEY BLOCK",
            Self::SecretKey => "PGP PRIVATE KEY BLOCK",
        }
    }

    const fn fits(self, found: BlockType) -> bool {
        matches!(
            (self, found),
            (Self::Message, BlockType::Message)
                | (Self::Signature, BlockType::Signature)
                | (Self::Certificate, BlockType::PublicKey)
                | (Self::SecretKey, BlockType::PrivateKey)
        )
    }
}

/// Writes binary OpenPGP data as text, without a checksum, as RFC 9580 recommends.
#[must_use]
pub fn armor(kind: ArmorKind, binary: &[u8]) -> String {
    let encoded = STANDARD.encode(binary);
    let mut text = String::with_capacity(encoded.len() + encoded.len() / LINE_SYMBOLS + 80);
    text.push_str("-----BEGIN ");
    text.push_str(kind.label());
    text.push_str("-----\n\n");
    let mut rest = encoded.as_str();
    while let Some((line, after)) = rest.split_at_checked(LINE_SYMBOLS) {
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(kind.label());
    text.push_str("-----\n");
    text
}

/// What is neither binary OpenPGP data nor an armored block of the right kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotArmor;

/// Binary data as they are; an armored block decoded. The first octet of a packet has its high bit set (RFC 9580,
/// section 4.2), that of text has not.
pub(super) fn to_binary(kind: ArmorKind, input: &[u8]) -> Result<Cow<'_, [u8]>, NotArmor> {
    let first = input.first().ok_or(NotArmor)?;
    if first & 0x80 != 0 {
        return Ok(Cow::Borrowed(input));
    }
    if input.len() > MAX_ARMORED_BYTES {
        return Err(NotArmor);
    }
    let mut dearmor = Dearmor::new(input);
    dearmor.read_header().map_err(|_| NotArmor)?;
    if !dearmor.typ.is_some_and(|found| kind.fits(found)) {
        return Err(NotArmor);
    }
    let mut binary = Vec::with_capacity(input.len() / 4 * 3);
    dearmor.read_to_end(&mut binary).map_err(|_| NotArmor)?;
    Ok(Cow::Owned(binary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_block_of_another_kind_is_refused() {
        let text = armor(ArmorKind::Message, b"\xc0binary");
        assert_eq!(
            to_binary(ArmorKind::Certificate, text.as_bytes()),
            Err(NotArmor)
        );
        assert_eq!(to_binary(ArmorKind::Message, b""), Err(NotArmor));
        assert_eq!(to_binary(ArmorKind::Message, b"plain text"), Err(NotArmor));
    }

    #[test]
    fn lines_are_short() {
        let text = armor(ArmorKind::Message, &[0xc0; 500]);
        assert!(text.lines().all(|line| line.len() <= 64));
    }

    proptest! {
        #[test]
        fn armor_comes_off_again(binary in proptest::collection::vec(any::<u8>(), 1..500)) {
            for kind in [ArmorKind::Message, ArmorKind::Signature, ArmorKind::Certificate, ArmorKind::SecretKey] {
                let text = armor(kind, &binary);
                prop_assert_eq!(to_binary(kind, text.as_bytes()).unwrap(), &binary[..]);
            }
        }
    }
}
