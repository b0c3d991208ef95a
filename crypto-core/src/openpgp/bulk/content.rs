//! What is inside a container that is read as it comes: literal data, signed or not.

use super::framing::{Broken, Event, Packets};
use super::octets::Octets;
use super::signed_data;
use crate::openpgp::certificate::Certificate;
use crate::openpgp::decrypt::DecryptError;
use crate::openpgp::fingerprint::Fingerprint;
use crate::openpgp::limits::{Limit, LimitExceeded, Limits};
use crate::openpgp::verdict::{self, SignatureVerdict, Signed};
use crate::plaintext::Plaintext;
use crate::time::UnixSeconds;
use pgp::crypto::hash::HashAlgorithm;
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
    /// One for each signature that is announced.
    digests: Vec<Box<dyn DynDigest + Send>>,
    signatures: Vec<Signature>,
    has_data: bool,
    /// What the digests are taken of.
    signed: Plaintext,
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
            digests: Vec::new(),
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
        reader: Fingerprint,
        now: UnixSeconds,
    ) -> Result<SignatureVerdict, DecryptError> {
        self.packets.end();
        self.push(&[], &mut |_| ())?;
        if !self.packets.is_done() || !self.has_data {
            return Err(malformed("literal data"));
        }
        if self.digests.len() > self.signatures.len() {
            return Err(malformed("signature"));
        }
        // The first announced is the last that comes.
        let digests: Vec<_> = self
            .signatures
            .iter()
            .zip(self.digests.into_iter().rev())
            .enumerate()
            .filter_map(|(index, (signature, digest))| Some((index, finish(signature, digest)?)))
            .collect();
        let digests: Vec<_> = digests
            .iter()
            .map(|(index, digest)| (*index, &digest[..]))
            .collect();
        let signed = Signed {
            data: None,
            digests: &digests,
        };
        let reader = Some(reader);
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
            Tag::Signature if self.has_data => Place::Small(header, Vec::new()),
            Tag::LiteralData if !self.has_data => {
                self.has_data = true;
                Place::LiteralFields(Vec::new())
            }
            Tag::CompressedData => return Err(malformed("compressed data, read as they come")),
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
        if !self.digests.is_empty() {
            self.signed.clear();
            octets.append_to(range.clone(), &mut self.signed);
            for digest in &mut self.digests {
                digest.update(&self.signed);
            }
        }
        give(range);
    }

    fn end_packet(&mut self) -> Result<(), DecryptError> {
        match std::mem::replace(&mut self.place, Place::Between) {
            Place::Small(header, body) if header.tag() == Tag::Signature => {
                let signature = Signature::try_from_reader(header, &body[..])
                    .map_err(|_| malformed("signature"))?;
                self.signatures.push(signature);
            }
            Place::Small(header, body) => {
                let announced = OnePassSignature::try_from_reader(header, &body[..])
                    .map_err(|_| malformed("one-pass signature"))?;
                self.digests.push(begin(&announced)?);
            }
            Place::LiteralFields(_) => return Err(malformed("literal data")),
            _ => {}
        }
        if self.digests.len().max(self.signatures.len()) > self.most_signatures {
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

/// The digest of a signature that is announced.
fn begin(announced: &OnePassSignature) -> Result<Box<dyn DynDigest + Send>, DecryptError> {
    let hash: HashAlgorithm = announced.hash_algorithm();
    let mut digest = hash
        .new_hasher()
        .map_err(|_| malformed("one-pass signature"))?;
    if let OpsVersionSpecific::V6 { salt, .. } = announced.version_specific() {
        digest.update(salt);
    }
    Ok(digest)
}

/// The digest of a signature. `None`: not one over octets as they are, so that it fits nothing here.
fn finish(signature: &Signature, mut digest: Box<dyn DynDigest + Send>) -> Option<Vec<u8>> {
    let config = signature.config()?;
    if config.typ() != SignatureType::Binary {
        return None;
    }
    let (_, after) = signed_data::around(config)?;
    digest.update(&after);
    Some(digest.finalize().into_vec())
}

const fn malformed(field: &'static str) -> DecryptError {
    DecryptError::Malformed { field }
}
