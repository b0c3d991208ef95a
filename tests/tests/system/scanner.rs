//! Proof that the canary scanner finds what is planted: every encoding, in every place.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use smail_tests::scan::{Canaries, Places, Report, scan};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

/// Has what encodings differ in: a blank, a letter outside ASCII, and bytes that base64 writes as `+` or `/`.
const CANARY: &str = "grün heron?>~ÿ 7f3";

fn canaries() -> Canaries {
    [("subject".to_owned(), CANARY.to_owned())].into()
}

/// `{"subject":"the quick brown fox and the grün heron?>~ÿ 7f3 of the lake…"}`, compressed by Node's brotli.
const BROTLI: &[u8] = b"\x1b\x71\x00\x40\xe5\x6d\x5b\x57\x1c\xb7\x11\x34\xea\xad\xcc\xa5\xa0\x8d\x20\x6a\xaf\xa0\xa1\x53\x0e\xd8\
      \x6b\x2d\xa0\xa4\xf9\x0f\x07\xe3\x7b\xca\x82\x29\x9d\x62\x26\x7d\xcf\x46\xcb\x61\xc1\xc9\x3f\x87\xb8\x8c\
      \x43\xba\xa0\x68\xbf\x61\xf1\x04\xb8\x9b\x4a\xab\x37\x3e\x64\x4a\x30\x63\xb8\xb6\x14\xd6\x59\x8d\x4e\x84\
      \x82\x3a\x1e";

/// The canary in one encoding, amid other bytes.
struct Plant {
    encoding: &'static str,
    bytes: Vec<u8>,
}

fn plants() -> Vec<Plant> {
    let text = CANARY;
    let mut plants = vec![
        plant("raw", text.as_bytes()),
        plant(
            "utf-16le",
            &text
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>(),
        ),
        plant(
            "utf-16be",
            &text
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect::<Vec<_>>(),
        ),
        plant(
            "hex",
            text.bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
                .as_bytes(),
        ),
        plant(
            "hex upper-case",
            text.bytes()
                .map(|byte| format!("{byte:02X}"))
                .collect::<String>()
                .as_bytes(),
        ),
        plant("percent", b"gr%C3%BCn%20heron%3F%3E~%C3%BF%207f3"),
        plant(
            "percent lower-case",
            b"gr%c3%bcn%20heron%3f%3e~%c3%bf%207f3",
        ),
        plant("form", b"gr%C3%BCn+heron%3F%3E~%C3%BF+7f3"),
        plant("json escapes", br"gr\u00fcn heron?>~\u00ff 7f3"),
    ];
    for before in ["", "x", "xy"] {
        let around = format!("{before}{text} and more");
        plants.push(plant("base64", STANDARD.encode(&around).as_bytes()));
        plants.push(plant("base64url", URL_SAFE.encode(&around).as_bytes()));
    }
    plants
}

fn plant(encoding: &'static str, bytes: &[u8]) -> Plant {
    Plant {
        encoding,
        bytes: [b"{ before:".as_slice(), bytes, b" after }".as_slice()].concat(),
    }
}

fn encodings(report: &Report, place: &str) -> BTreeSet<String> {
    let here = report
        .findings
        .iter()
        .filter(|finding| finding.place.starts_with(place));
    here.map(|finding| finding.encoding.clone()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_encoding_is_found_in_files_and_logs() {
    for planted in plants() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("below")).unwrap();
        let file = directory.path().join("below/file");
        fs::write(&file, &planted.bytes).unwrap();
        let places = Places {
            data: Some(directory.path().into()),
            log: Some(file),
            ..Places::default()
        };
        let report = scan(&canaries(), &places).unwrap();
        assert!(
            encodings(&report, "data").contains(planted.encoding),
            "{} in data",
            planted.encoding
        );
        assert!(
            encodings(&report, "log").contains(planted.encoding),
            "{} in the log",
            planted.encoding
        );
    }
}

#[test]
fn what_is_compressed_is_found() {
    for planted in plants() {
        for compressed in [gzip(&planted.bytes), zlib(&planted.bytes)] {
            let directory = tempfile::tempdir().unwrap();
            let file = [b"other bytes".as_slice(), &compressed, b"and more"].concat();
            fs::write(directory.path().join("file"), file).unwrap();
            let report = scan(
                &canaries(),
                &Places {
                    data: Some(directory.path().into()),
                    ..Places::default()
                },
            )
            .unwrap();
            assert!(
                encodings(&report, "data").contains(planted.encoding),
                "{}",
                planted.encoding
            );
        }
    }
}

#[test]
fn bodies_of_traffic_are_unframed_and_decoded() {
    let (first, second) = CANARY.as_bytes().split_at(9);
    let chunked = [
        b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n".as_slice(),
        first,
        format!("\r\n{:x}\r\n", second.len()).as_bytes(),
        second,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let coded = |coding: &str, body: &[u8]| {
        let head = format!(
            "POST /x HTTP/1.1\r\nContent-Length: {}\r\nContent-Encoding: {coding}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let text = CANARY.as_bytes();
    for stream in [
        chunked,
        coded("gzip", &gzip(text)),
        coded("deflate", &zlib(text)),
        coded("br", BROTLI),
    ] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("1.answers"), stream).unwrap();
        let report = scan(
            &canaries(),
            &Places {
                traffic: Some(directory.path().into()),
                ..Places::default()
            },
        )
        .unwrap();
        assert!(
            encodings(&report, "traffic bodies").contains("raw"),
            "{report:?}"
        );
    }
}

#[test]
fn every_encoding_is_found_in_the_memory_of_a_live_process() {
    for planted in plants() {
        let mut child = Command::new(env!("CARGO_BIN_EXE_smail-hold"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(&planted.bytes)
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut ready)
            .unwrap();
        let report = scan(
            &canaries(),
            &Places {
                pid: Some(child.id()),
                ..Places::default()
            },
        );
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            encodings(&report.unwrap(), "memory").contains(planted.encoding),
            "{}",
            planted.encoding
        );
    }
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let directory = tempfile::tempdir().unwrap();
    let text = "grün heron?>~ÿ 7f4; another bird";
    fs::write(directory.path().join("file"), text).unwrap();
    let report = scan(
        &canaries(),
        &Places {
            data: Some(directory.path().into()),
            ..Places::default()
        },
    )
    .unwrap();
    assert!(report.findings.is_empty(), "{report:?}");
    assert_eq!(
        report.searched.first().map(|searched| searched.bytes),
        Some(text.len() as u64)
    );
}

#[test]
fn a_canary_that_chance_would_find_is_refused() {
    let canaries = [("subject".to_owned(), "heron".to_owned())].into();
    assert!(scan(&canaries, &Places::default()).is_err());
    assert!(scan(&Canaries::new(), &Places::default()).is_err());
}
