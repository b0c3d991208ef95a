//! Takes recorded HTTP/1.1 messages (RFC 9112) apart, so that bodies can be searched without their framing and coding.

use super::inflate::as_far_as_it_goes;
use flate2::read::{GzDecoder, ZlibDecoder};
use httparse::{EMPTY_HEADER, Header, Status};

const MAX_FIELDS: usize = 100;
const BROTLI_BUFFER_BYTES: usize = 4096;

/// The decoded bodies of the messages in one direction of a connection, up to the first that cannot be read.
pub(super) fn bodies(mut stream: &[u8]) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    while let Some((body, rest)) = next_body(stream) {
        bodies.push(body);
        stream = rest;
    }
    bodies
}

fn next_body(stream: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let (head_len, framing) = read_head(stream, &mut fields)?;
    let after_head = stream.get(head_len..)?;
    let (body, rest) = match framing.length {
        Length::Chunked => dechunk(after_head),
        Length::Bytes(len) => {
            let (body, rest) = after_head
                .split_at_checked(len)
                .unwrap_or((after_head, &[]));
            (body.to_vec(), rest)
        }
        Length::UntilEnd => (after_head.to_vec(), Default::default()),
    };
    Some((framing.coding.decode(body), rest))
}

struct Framing {
    length: Length,
    coding: Coding,
}

enum Length {
    Chunked,
    Bytes(usize),
    UntilEnd,
}

enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
}

impl Coding {
    fn decode(self, body: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Identity => body,
            Self::Gzip => as_far_as_it_goes(GzDecoder::new(body.as_slice())),
            Self::Deflate => as_far_as_it_goes(ZlibDecoder::new(body.as_slice())),
            Self::Brotli => as_far_as_it_goes(brotli_decompressor::Decompressor::new(
                body.as_slice(),
                BROTLI_BUFFER_BYTES,
            )),
        }
    }
}

/// Reads a request's or an answer's head: its length, and how its body is framed.
fn read_head<'a>(stream: &'a [u8], fields: &mut [Header<'a>]) -> Option<(usize, Framing)> {
    if stream.starts_with(b"HTTP/") {
        let mut answer = httparse::Response::new(fields);
        let Ok(Status::Complete(len)) = answer.parse(stream) else {
            return None;
        };
        let bodiless = matches!(answer.code, Some(100..200 | 204 | 304));
        let default = if bodiless {
            Length::Bytes(0)
        } else {
            Length::UntilEnd
        };
        Some((len, framing(answer.headers, default)))
    } else {
        let mut request = httparse::Request::new(fields);
        let Ok(Status::Complete(len)) = request.parse(stream) else {
            return None;
        };
        Some((len, framing(request.headers, Length::Bytes(0))))
    }
}

fn framing(fields: &[Header<'_>], default: Length) -> Framing {
    let value = |name: &str| {
        let field = fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(field.value).ok()
    };
    let length = match (
        value("transfer-encoding"),
        value("content-length").and_then(|len| len.parse().ok()),
    ) {
        (Some("chunked"), _) => Length::Chunked,
        (_, Some(len)) => Length::Bytes(len),
        _ => default,
    };
    let coding = match value("content-encoding") {
        Some("gzip") => Coding::Gzip,
        Some("deflate") => Coding::Deflate,
        Some("br") => Coding::Brotli,
        _ => Coding::Identity,
    };
    Framing { length, coding }
}

/// Joins chunks, up to the last or the first that cannot be read; gives what follows them too.
fn dechunk(mut stream: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut body = Vec::new();
    while let Ok(Status::Complete((head_len, chunk_len))) = httparse::parse_chunk_size(stream) {
        let Ok(chunk_len) = usize::try_from(chunk_len) else {
            break;
        };
        let after_head = stream.get(head_len..).unwrap_or_default();
        let (chunk, rest) = after_head
            .split_at_checked(chunk_len)
            .unwrap_or((after_head, &[]));
        body.extend_from_slice(chunk);
        stream = rest.strip_prefix(b"\r\n").unwrap_or(rest);
        if chunk_len == 0 || stream.is_empty() {
            break;
        }
    }
    (body, stream)
}
