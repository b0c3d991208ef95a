//! What is inside an opened container: literal data, signed or not, compressed or not.
//!
//! Of the grammar of RFC 9580, section 10.3, this accepts what programs write: any number of compression layers within
//! the limit, inside them one-pass signatures or signatures, one literal data packet, and the signatures announced. An
//! encrypted message inside an encrypted message is refused, as is compression inside a signature.

use super::decrypt::DecryptError;
use super::limits::{Limit, LimitExceeded, Limits, UNSUSPICIOUS_OUTPUT_BYTES};
use crate::Plaintext;
use pgp::composed::{LiteralDataReader, PacketBodyReader};
use pgp::packet::{Decompressor, OnePassSignature, PacketHeader, PacketParser, Signature};
use pgp::types::{PacketLength, Tag};
use std::io::{BufRead, Read};
use std::ops::Range;
use zeroize::Zeroizing;

/// Packet headers, one-pass signatures and signatures around literal data fit in this.
pub(super) const PACKET_OVERHEAD_BYTES: usize = 256 * 1024;
const CHUNK_BYTES: usize = 16 * 1024;
/// Literal data's format, length of the name, and date.
const LITERAL_FIXED_BYTES: usize = 6;

/// Literal data and the signatures over them.
pub(super) struct Content {
    pub(super) plaintext: Plaintext,
    pub(super) signatures: Vec<Signature>,
}

/// Reads the packets of an opened container. Literal data that lie in one piece, not compressed, stay in the buffer that
/// the packets were in.
pub(super) fn read_in_place(
    mut packets: Plaintext,
    limits: &Limits,
) -> Result<Content, DecryptError> {
    let Some(literal) = in_one_piece(&packets) else {
        return read(&packets, limits);
    };
    if literal.data.len() > limits.plaintext_bytes {
        return Err(exceeded(Limit::PlaintextBytes, limits.plaintext_bytes));
    }
    let mut progress = Progress::default();
    let whole_bytes = packets.len();
    let (before, _) = packets.split_at(literal.packet.start);
    progress.take_all(before, whole_bytes, limits)?;
    progress.plaintext = Some(Plaintext::default());
    let (_, behind) = packets.split_at(literal.packet.end);
    progress.take_all(behind, whole_bytes, limits)?;
    let Layer::Content(mut content) = progress.finish()? else {
        return Err(malformed("packet order"));
    };
    packets.truncate(literal.data.end);
    packets.drain(..literal.data.start);
    content.plaintext = packets;
    Ok(content)
}

/// Where literal data lie.
struct InOnePiece {
    packet: Range<usize>,
    data: Range<usize>,
}

/// Finds literal data behind one-pass signatures or signatures. `None`: something else, or written in parts.
fn in_one_piece(packets: &[u8]) -> Option<InOnePiece> {
    let mut rest = packets;
    loop {
        let packet_at = packets.len() - rest.len();
        let header = PacketHeader::try_from_reader(&mut rest).ok()?;
        let PacketLength::Fixed(body_bytes) = header.packet_length() else {
            return None;
        };
        let (body, behind) = rest.split_at_checked(usize::try_from(body_bytes).ok()?)?;
        rest = behind;
        match header.tag() {
            Tag::OnePassSignature | Tag::Signature => {}
            Tag::LiteralData => {
                let fields_bytes = LITERAL_FIXED_BYTES + usize::from(*body.get(1)?);
                let data_bytes = body.len().checked_sub(fields_bytes)?;
                let end = packets.len() - rest.len();
                return Some(InOnePiece {
                    packet: packet_at..end,
                    data: end - data_bytes..end,
                });
            }
            _ => return None,
        }
    }
}

/// Reads the packets of an opened container.
pub(super) fn read(packets: &[u8], limits: &Limits) -> Result<Content, DecryptError> {
    let whole_bytes = packets.len();
    let mut layer;
    let mut packets = packets;
    for _ in 0..=limits.compression_layers {
        match read_layer(packets, whole_bytes, limits)? {
            Layer::Content(content) => return Ok(content),
            Layer::Compressed(inner) => layer = inner,
        }
        packets = &layer;
    }
    Err(exceeded(
        Limit::CompressionLayers,
        usize::try_from(limits.compression_layers).unwrap_or(usize::MAX),
    ))
}

enum Layer {
    Content(Content),
    Compressed(Plaintext),
}

/// What of a layer has been read.
#[derive(Default)]
struct Progress {
    announced: usize,
    signatures: Vec<Signature>,
    plaintext: Option<Plaintext>,
    compressed: Option<Plaintext>,
}

fn read_layer(packets: &[u8], whole_bytes: usize, limits: &Limits) -> Result<Layer, DecryptError> {
    let mut progress = Progress::default();
    progress.take_all(packets, whole_bytes, limits)?;
    progress.finish()
}

impl Progress {
    fn take_all(
        &mut self,
        packets: &[u8],
        whole_bytes: usize,
        limits: &Limits,
    ) -> Result<(), DecryptError> {
        let mut rest = packets;
        while !rest.is_empty() {
            let mut parser = PacketParser::new(&mut rest);
            let body = match parser.next_ref() {
                Some(Ok(body)) => body,
                _ => return Err(malformed("packet header")),
            };
            self.take(body, packets.len(), whole_bytes, limits)?;
        }
        Ok(())
    }

    fn take<R: BufRead>(
        &mut self,
        mut body: PacketBodyReader<R>,
        layer_bytes: usize,
        whole_bytes: usize,
        limits: &Limits,
    ) -> Result<(), DecryptError> {
        let header = body.packet_header();
        let is_open = self.plaintext.is_none() && self.compressed.is_none();
        match header.tag() {
            Tag::OnePassSignature if is_open => {
                OnePassSignature::try_from_reader(header, &mut body)
                    .map_err(|_| malformed("one-pass signature"))?;
                self.announced += 1;
            }
            Tag::Signature if self.compressed.is_none() => {
                let signature = Signature::try_from_reader(header, &mut body)
                    .map_err(|_| malformed("signature"))?;
                self.signatures.push(signature);
            }
            Tag::LiteralData if is_open => {
                self.plaintext = Some(read_literal(body, layer_bytes, limits)?)
            }
            Tag::CompressedData if is_open && self.announced == 0 && self.signatures.is_empty() => {
                self.compressed = Some(decompress(body, layer_bytes, whole_bytes, limits)?);
            }
            Tag::Padding | Tag::Marker | Tag::UnassignedNonCritical(_) | Tag::Experimental(_) => {
                std::io::copy(&mut body, &mut std::io::sink()).map_err(|_| malformed("padding"))?;
            }
            _ => return Err(malformed("packet order")),
        }
        if self.announced.max(self.signatures.len()) > limits.signatures {
            return Err(exceeded(Limit::Signatures, limits.signatures));
        }
        Ok(())
    }

    fn finish(self) -> Result<Layer, DecryptError> {
        if let Some(compressed) = self.compressed {
            return Ok(Layer::Compressed(compressed));
        }
        let plaintext = self.plaintext.ok_or(malformed("literal data"))?;
        // Each one-pass signature announces a signature after the data; those in front of it come without.
        if self.announced > self.signatures.len() {
            return Err(malformed("signature"));
        }
        Ok(Layer::Content(Content {
            plaintext,
            signatures: self.signatures,
        }))
    }
}

/// Literal data are shorter than the layer that holds them.
fn read_literal<R: BufRead>(
    body: PacketBodyReader<R>,
    layer_bytes: usize,
    limits: &Limits,
) -> Result<Plaintext, DecryptError> {
    let mut reader = LiteralDataReader::new(body).map_err(|_| malformed("literal data"))?;
    let plaintext_bytes = Bound {
        limit: Limit::PlaintextBytes,
        bytes: limits.plaintext_bytes,
    };
    read_at_most(&mut reader, layer_bytes, plaintext_bytes, "literal data")
}

/// Decompresses one layer, no further than a plaintext within the limits can need. The ratio is to what the container
/// held, so that layers do not multiply it.
fn decompress<R: BufRead>(
    body: PacketBodyReader<R>,
    layer_bytes: usize,
    whole_bytes: usize,
    limits: &Limits,
) -> Result<Plaintext, DecryptError> {
    let mut reader = Decompressor::from_reader(body).map_err(|_| malformed("compressed data"))?;
    let by_ratio = Bound {
        limit: Limit::ExpansionRatio,
        bytes: whole_bytes
            .saturating_mul(limits.expansion_ratio)
            .max(UNSUSPICIOUS_OUTPUT_BYTES),
    };
    let by_length = Bound {
        limit: Limit::PlaintextBytes,
        bytes: limits.plaintext_bytes.saturating_add(PACKET_OVERHEAD_BYTES),
    };
    let tighter = if by_ratio.bytes < by_length.bytes {
        by_ratio
    } else {
        by_length
    };
    read_at_most(&mut reader, layer_bytes, tighter, "compressed data")
}

/// A limit and how many bytes it comes to.
struct Bound {
    limit: Limit,
    bytes: usize,
}

/// Reads to the end. Grows by copying into a new buffer and wiping the old one.
fn read_at_most(
    reader: &mut impl Read,
    expected_bytes: usize,
    bound: Bound,
    field: &'static str,
) -> Result<Plaintext, DecryptError> {
    let mut buffer = Plaintext::new(Vec::with_capacity(expected_bytes));
    let mut chunk = Zeroizing::new([0; CHUNK_BYTES]);
    loop {
        let read_bytes = reader
            .read(chunk.as_mut_slice())
            .map_err(|_| malformed(field))?;
        let read = chunk.get(..read_bytes).unwrap_or_default();
        if read.is_empty() {
            return Ok(buffer);
        }
        let needed_bytes = buffer.len().saturating_add(read.len());
        if needed_bytes > bound.bytes {
            return Err(exceeded(bound.limit, bound.bytes));
        }
        if needed_bytes > buffer.capacity() {
            let mut larger = Plaintext::new(Vec::with_capacity(needed_bytes.saturating_mul(2)));
            larger.extend_from_slice(&buffer);
            buffer = larger;
        }
        buffer.extend_from_slice(read);
    }
}

const fn malformed(field: &'static str) -> DecryptError {
    DecryptError::Malformed { field }
}

fn exceeded(limit: Limit, allowed: usize) -> DecryptError {
    DecryptError::LimitExceeded(LimitExceeded::new(limit, allowed))
}
