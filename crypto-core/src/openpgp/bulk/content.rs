//! What is inside a container that is read as it comes: literal data, signed or not.

use super::framing::{Broken, Event, Packets};
use super::octets::Octets;
use super::signed_data;
use crate::Plaintext;
use crate::openpgp::certificate::Certificate;
use crate::openpgp::decrypt::DecryptError;
use crate::openpgp::fingerprint::Fingerprint;
use crate::openpgp::limits::{Limit, LimitExceeded, Limits};
use crate::openpgp::verdict::{self, SignatureVerdict, Signed};
use crate::time::UnixSeconds;
use pgp::packet::{OnePassSignature, OpsVersionSpecific, PacketHeader, Signature, SignatureType};
use pgp::types::Tag;
use sha2::digest::DynDigest;
use std::ops::Range;

/// Longest packet beside the literal data.
const MAX_PACKET_BYTES: usize = 256 * 1024;
/// Literal data's format, length of the name, and date.
const LITERAL_FIXED_BYTES: usize = 6;

/// Packets on their way in.
pub(super) struct StreamContent {
    packets: Packets,
    place: Place,
    most_signatures: usize,
    announced: Vec<Announced>,
    signatures: Vec<Signature>,
    has_data: bool,
    /// What the digests are taken of.
    signed: Plaintext,
}

/// A signature that is announced, and the digest that is taken for it.
struct Announced {
    one_pass: OnePassSignature,
    /// `None`: a digest that is not known here.
    digest: Option<Box<dyn DynDigest + Send>>,
    last_was_cr: bool,
}

enum Place {
    Between,
    /// A one-pass signature or a signature.
    Small(PacketHeader, Vec<u8>),
    /// Literal data's own fields.
    LiteralFields(Vec<u8>),
    LiteralData,
    Passed,
}

impl StreamContent {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            packets: Packets::default(),
            place: Place::Between,
            most_signatures: limits.signatures,
            announced: Vec::new(),
            signatures: Vec::new(),
            has_data: false,
            signed: Plaintext::default(),
        }
    }

    /// More of the packets, authentic. `give` is told where in them literal data lie.
    pub(super) fn push<O: Octets + ?Sized>(
        &mut self,
        octets: &O,
        give: &mut impl FnMut(Range<usize>),
    ) -> Result<(), DecryptError> {
        let mut at = 0;
        while let Some(event) = self
            .packets
            .next(octets, &mut at)
            .map_err(|Broken| malformed("packets"))?
        {
            match event {
                Event::Begin(header) => self.begin_packet(header)?,
                Event::Body(range) => self.take_body(octets, range, give)?,
                Event::End => self.end_packet()?,
            }
        }
        Ok(())
    }

    /// All packets have come: judges the signatures.
    pub(super) fn finish(
        mut self,
        signers: &[Certificate],
        reader: Option<Fingerprint>,
        now: UnixSeconds,
    ) -> Result<SignatureVerdict, DecryptError> {
        self.packets.end();
        self.push(&[], &mut |_| ())?;
        if !self.packets.is_done() || !self.has_data {
            return Err(malformed("literal data"));
        }
        if self.announced.len() > self.signatures.len() {
            return Err(malformed("signature"));
        }
        // The first announced is the last that comes.
        let digests: Vec<_> = self
            .signatures
            .iter()
            .zip(self.announced.into_iter().rev())
            .enumerate()
            .filter_map(|(index, (signature, announced))| {
                Some((index, announced.finish(signature)?))
            })
            .collect();
        let digests: Vec<_> = digests
            .iter()
            .map(|(index, digest)| (*index, &digest[..]))
            .collect();
        let signed = Signed {
            data: None,
            digests: &digests,
        };
        Ok(verdict::judge(
            signed,
            &self.signatures,
            signers,
            reader,
            now,
        ))
    }

    fn begin_packet(&mut self, header: PacketHeader) -> Result<(), DecryptError> {
        self.place = match header.tag() {
            Tag::OnePassSignature if !self.has_data => Place::Small(header, Vec::new()),
            Tag::Signature => Place::Small(header, Vec::new()),
            Tag::LiteralData if !self.has_data => {
                self.has_data = true;
                Place::LiteralFields(Vec::new())
            }
            Tag::CompressedData if !self.has_data && self.announced.is_empty() => {
                return Err(not_as_stream("is compressed"));
            }
            Tag::Padding | Tag::Marker | Tag::UnassignedNonCritical(_) | Tag::Experimental(_) => {
                Place::Passed
            }
            _ => return Err(malformed("packet order")),
        };
        Ok(())
    }

    fn take_body<O: Octets + ?Sized>(
        &mut self,
        octets: &O,
        mut range: Range<usize>,
        give: &mut impl FnMut(Range<usize>),
    ) -> Result<(), DecryptError> {
        match &mut self.place {
            Place::Small(_, body) => {
                if body.len() + range.len() > MAX_PACKET_BYTES {
                    return Err(malformed("signature"));
                }
                octets.append_to(range, body);
            }
            Place::LiteralFields(fields) => {
                while let missing_bytes @ 1.. = missing_bytes(fields) {
                    let end = range.end.min(range.start + missing_bytes);
                    if range.start == end {
                        return Ok(());
                    }
                    octets.append_to(range.start..end, fields);
                    range.start = end;
                }
                self.place = Place::LiteralData;
                self.take_data(octets, range, give);
            }
            Place::LiteralData => self.take_data(octets, range, give),
            Place::Between | Place::Passed => {}
        }
        Ok(())
    }

    fn take_data<O: Octets + ?Sized>(
        &mut self,
        octets: &O,
        range: Range<usize>,
        give: &mut impl FnMut(Range<usize>),
    ) {
        if range.is_empty() {
            return;
        }
        if !self.announced.is_empty() {
            self.signed.clear();
            octets.append_to(range.clone(), &mut self.signed);
            for announced in &mut self.announced {
                announced.update(&self.signed);
            }
        }
        give(range);
    }

    fn end_packet(&mut self) -> Result<(), DecryptError> {
        match std::mem::replace(&mut self.place, Place::Between) {
            Place::Small(header, body) if header.tag() == Tag::Signature => {
                let signature = Signature::try_from_reader(header, &body[..])
                    .map_err(|_| malformed("signature"))?;
                // Of what was not announced no digest was taken.
                if !self.has_data || self.signatures.len() == self.announced.len() {
                    return Err(not_as_stream("has a signature that is not announced"));
                }
                self.signatures.push(signature);
            }
            Place::Small(header, body) => {
                let one_pass = OnePassSignature::try_from_reader(header, &body[..])
                    .map_err(|_| malformed("one-pass signature"))?;
                self.announced.push(Announced::begin(one_pass));
            }
            Place::LiteralFields(_) => return Err(malformed("literal data")),
            _ => {}
        }
        if self.announced.len().max(self.signatures.len()) > self.most_signatures {
            let exceeded = LimitExceeded::new(Limit::Signatures, self.most_signatures);
            return Err(exceeded.into());
        }
        Ok(())
    }
}

/// How many of literal data's own fields are missing at least.
fn missing_bytes(fields: &[u8]) -> usize {
    let name_bytes = fields.get(1).copied().map_or(0, usize::from);
    (LITERAL_FIXED_BYTES + name_bytes).saturating_sub(fields.len())
}

impl Announced {
    fn begin(one_pass: OnePassSignature) -> Self {
        let mut digest = one_pass.hash_algorithm().new_hasher().ok();
        if let (Some(digest), OpsVersionSpecific::V6 { salt, .. }) =
            (&mut digest, one_pass.version_specific())
        {
            digest.update(salt);
        }
        Self {
            one_pass,
            digest,
            last_was_cr: false,
        }
    }

    /// More of the data. Of text the lines are made to end with CR LF.
    fn update(&mut self, data: &[u8]) {
        let is_text = self.is_text();
        let Some(digest) = &mut self.digest else {
            return;
        };
        if !is_text {
            return digest.update(data);
        }
        for line in data.split_inclusive(|octet| *octet == b'\n') {
            let is_cr_before = |rest: &[u8]| match rest {
                [] => self.last_was_cr,
                rest => rest.ends_with(b"\r"),
            };
            match line.strip_suffix(b"\n") {
                Some(rest) if !is_cr_before(rest) => {
                    digest.update(rest);
                    digest.update(b"\r\n");
                }
                _ => digest.update(line),
            }
            self.last_was_cr = line.ends_with(b"\r");
        }
    }

    fn is_text(&self) -> bool {
        self.one_pass.typ() == SignatureType::Text
    }

    /// The signature's digest. `None`: one that fits nothing here, because it is over something else than data, or was
    /// announced as another. So a digest that begins with another salt than the signature's own is not looked at: what
    /// was signed could be taken for a salt, and the rest for all that was signed.
    fn finish(self, signature: &Signature) -> Option<Vec<u8>> {
        let (config, mut digest) = (signature.config()?, self.digest?);
        let is_of_data = matches!(config.typ(), SignatureType::Binary | SignatureType::Text);
        if !is_of_data || !self.one_pass.matches(signature) {
            return None;
        }
        let (_, after) = signed_data::around(config)?;
        digest.update(&after);
        Some(digest.finalize().into_vec())
    }
}

const fn not_as_stream(why: &'static str) -> DecryptError {
    DecryptError::NotAsStream { why }
}

const fn malformed(field: &'static str) -> DecryptError {
    DecryptError::Malformed { field }
}
