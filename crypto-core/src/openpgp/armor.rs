//! ASCII armor (RFC 9580, section 6).

use super::limits::MAX_ARMORED_BYTES;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pgp::armor::{BlockType, Dearmor};
use pgp::packet::PacketHeader;
use std::borrow::Cow;
use std::io::Read as _;

const LINE_SYMBOLS: usize = 64;
const DASHES: &[u8] = b"-----";
/// A checksum with the sign in front of it.
const CHECKSUM_SYMBOLS: usize = 5;
/// The same behind padding.
const TAIL_SYMBOLS: usize = 2 + CHECKSUM_SYMBOLS;

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

    const fn of(found: BlockType) -> Option<Self> {
        match found {
            BlockType::Message => Some(Self::Message),
            BlockType::Signature => Some(Self::Signature),
            BlockType::PublicKey => Some(Self::Certificate),
            BlockType::PrivateKey => Some(Self::SecretKey),
            _ => None,
        }
    }
}

/// Writes binary OpenPGP data as text. What only readers of RFC 9580 can read gets no checksum, as section 6.1 demands;
/// everything older gets one, because GnuPG 2.2 takes a block without for cut off when its length is a multiple of three.
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
    if is_for_older_readers(kind, binary) {
        let [_, checksum @ ..] = crc24::hash_raw(binary).to_be_bytes();
        text.push('=');
        text.push_str(&STANDARD.encode(checksum));
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(kind.label());
    text.push_str("-----\n");
    text
}

/// By the version of the first packet: certificates, secret keys and signatures of version 4, and messages whose session
/// key is wrapped as before SEIPD version 2.
fn is_for_older_readers(kind: ArmorKind, mut binary: &[u8]) -> bool {
    let has_header = PacketHeader::try_from_reader(&mut binary).is_ok();
    let older: &[u8] = match kind {
        ArmorKind::Message => &[3, 4],
        ArmorKind::Signature | ArmorKind::Certificate | ArmorKind::SecretKey => &[4],
    };
    has_header
        && binary
            .first()
            .is_some_and(|version| older.contains(version))
}

/// Text that is no armored block of a kind known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an armored OpenPGP block")]
pub struct DearmorError;

impl DearmorError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "armor-malformed"
    }
}

/// Reads an armored block: what it says that it holds, and the binary data.
///
/// # Errors
/// [`DearmorError`], also when it is longer than 512 MiB.
pub fn dearmor(text: &[u8]) -> Result<(ArmorKind, Vec<u8>), DearmorError> {
    if text.len() > MAX_ARMORED_BYTES {
        return Err(DearmorError);
    }
    let Block {
        first_line,
        data,
        tail,
        last_line,
    } = Block::of(text).ok_or(DearmorError)?;
    let text = (&first_line[..])
        .chain(data)
        .chain(&tail[..])
        .chain(last_line);
    let mut dearmor = Dearmor::new(text);
    dearmor.read_header().map_err(|_| DearmorError)?;
    let kind = dearmor.typ.and_then(ArmorKind::of).ok_or(DearmorError)?;
    let mut binary = Vec::with_capacity(data.len() / 4 * 3);
    dearmor.read_to_end(&mut binary).map_err(|_| DearmorError)?;
    Ok((kind, binary))
}

/// A block in parts that are as they should be. rPGP decodes them; of a text as it comes it looks for the end of each header
/// to the end of the text, and begins what is behind the data anew with each piece it reads: half a megabyte of
/// headers, or some of padding, took it minutes.
struct Block<'a> {
    first_line: Vec<u8>,
    /// In Base64, in lines.
    data: &'a [u8],
    /// Padding and checksum, in lines.
    tail: Vec<u8>,
    last_line: &'a [u8],
}

impl<'a> Block<'a> {
    fn of(text: &'a [u8]) -> Option<Self> {
        let (first_line, body) = without_headers(text)?;
        let (encoded, behind) = split_at(body, b'-')?;
        let (data, rest) = split_at(encoded, b'=').unwrap_or((encoded, &[]));
        let symbols = rest.iter().filter(|octet| !octet.is_ascii_whitespace());
        let mut tail: Vec<u8> = symbols.copied().take(TAIL_SYMBOLS + 1).collect();
        if tail.len() > TAIL_SYMBOLS {
            return None;
        }
        if let Some(checksum_at) = tail.len().checked_sub(CHECKSUM_SYMBOLS) {
            tail.insert(checksum_at, b'\n');
        }
        tail.push(b'\n');
        Some(Self {
            first_line: [first_line, b"\n\n"].concat(),
            data: data.trim_ascii_end(),
            tail,
            last_line: behind.split(|octet| *octet == b'\n').next()?,
        })
    }
}

fn split_at(octets: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = octets.iter().position(|octet| *octet == at)?;
    Some(octets.split_at(place))
}

/// A block's first line, and what comes behind its headers, which say nothing that is needed here.
fn without_headers(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut windows = text.windows(DASHES.len());
    let (_, block) = text.split_at(windows.position(|octets| octets == DASHES)?);
    let mut lines = block.split_inclusive(|octet| *octet == b'\n');
    let first_line = lines.next()?;
    let mut read_bytes = first_line.len();
    for line in lines {
        read_bytes += line.len();
        let line = line.trim_ascii();
        if line.is_empty() {
            return Some((first_line.trim_ascii_end(), block.get(read_bytes..)?));
        }
        if !line.ends_with(b":") && !line.windows(2).any(|octets| octets == b": ") {
            return None;
        }
    }
    None
}

/// Binary data as they are; an armored block of this kind decoded. The first octet of a packet has its high bit set (RFC
/// 9580, section 4.2), that of text has not.
pub(super) fn to_binary(kind: ArmorKind, input: &[u8]) -> Result<Cow<'_, [u8]>, DearmorError> {
    let first = input.first().ok_or(DearmorError)?;
    if first & 0x80 != 0 {
        return Ok(Cow::Borrowed(input));
    }
    let (found, binary) = dearmor(input)?;
    if found == kind {
        Ok(Cow::Owned(binary))
    } else {
        Err(DearmorError)
    }
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
            Err(DearmorError)
        );
        assert_eq!(dearmor(b"plain text"), Err(DearmorError));
        let found = dearmor(text.as_bytes()).unwrap();
        assert_eq!(found, (ArmorKind::Message, b"\xc0binary".to_vec()));
        assert_eq!(to_binary(ArmorKind::Message, b""), Err(DearmorError));
        assert_eq!(
            to_binary(ArmorKind::Message, b"plain text"),
            Err(DearmorError)
        );
    }

    #[test]
    fn only_what_older_readers_read_has_a_checksum() {
        // Version 4 and 6 certificates (tag 6); version 3 and 6 session keys (tag 1).
        for (kind, binary, has) in [
            (ArmorKind::Certificate, b"\xc6\x02\x04\x00", true),
            (ArmorKind::Certificate, b"\xc6\x02\x06\x00", false),
            (ArmorKind::Message, b"\xc1\x02\x03\x00", true),
            (ArmorKind::Message, b"\xc1\x02\x06\x00", false),
        ] {
            let text = armor(kind, binary);
            let checksum = text.lines().any(|line| line.starts_with('='));
            assert_eq!(checksum, has, "{text}");
            assert_eq!(to_binary(kind, text.as_bytes()).unwrap(), &binary[..]);
        }
    }

    #[test]
    fn headers_are_passed_over_however_many_there_are() {
        let text = armor(ArmorKind::Message, b"\xc0binary");
        let (first, body) = text.split_once("\n\n").unwrap();
        for headers in [
            "Version: GnuPG v2\nComment: a: b\n".to_owned(),
            "Comment:\n".to_owned(),
            "A: b\n".repeat(100_000),
            format!("A: {}\n", "b".repeat(500_000)),
        ] {
            for blank in ["", " \t"] {
                let text = format!("before\n{first}\n{headers}{blank}\n{body}");
                for text in [text.replace('\n', "\r\n"), text] {
                    let found = dearmor(text.as_bytes()).unwrap();
                    assert_eq!(found, (ArmorKind::Message, b"\xc0binary".to_vec()));
                }
            }
        }
        let (data, last) = body.split_once("\n").unwrap();
        for between in ["\n", " \t\r\n\n", &"\n".repeat(500_000)] {
            for tail in ["==", "=\n=", "==\n=njUN"] {
                let tail = tail.replace('\n', between);
                let data = data.trim_end_matches('=');
                let text = format!("{first}\n\n{data}{between}{tail}{between}{last}");
                let found = dearmor(text.as_bytes()).map(|(_, binary)| binary);
                assert_eq!(found.as_deref(), Ok(&b"\xc0binary"[..]), "{tail}");
            }
        }
        for text in [
            format!("{first}\n\n{data}{}\n{last}", "=".repeat(500_000)),
            format!("{first}\n\n{data}\n=njUN=njUN\n{last}"),
            format!("{first}\n{body}"),
            format!("{first}\nA: b\n"),
            format!("{first}\nAb\n\n{body}"),
            format!("{first}x\n\n{body}"),
            format!("-----\n{first}\n\n{body}"),
            first.to_owned(),
        ] {
            assert_eq!(dearmor(text.as_bytes()), Err(DearmorError), "{text}");
        }
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
