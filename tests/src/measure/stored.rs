//! A store that is filled with blobs: how fast they are read, what memory and disk they take, how long it opens.

use super::directory::disk_bytes;
use super::fill::{BLOB_BYTES, Filler, at_once};
use super::memory::resident_bytes;
use super::reads::{self, Sources};
use super::row::Row;
use super::wire::Wire;
use crate::server::Server;
use smail_protocol::{BlobId, routes};
use std::path::Path;
use std::time::{Duration, Instant};

const FILLERS: usize = 4;
/// Blobs that the reading rounds take from.
const READ_BLOBS: usize = 256;
const MOST_RESIDENT_MB: f64 = 300.0;
const MOST_OPEN_S: f64 = 5.0;
/// How long an opening is waited for: what takes longer than the goal is to be told too.
const LONGEST_OPEN: Duration = Duration::from_secs(600);

/// How much, and what else is needed.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// GB of blobs.
    pub gigabytes: f64,
    /// nginx's program.
    pub nginx: &'a Path,
}

/// Fills, reads, churns and opens again.
///
/// # Errors
/// What the server says.
pub fn stored(directory: &Path, how: Stored<'_>) -> anyhow::Result<Vec<Row>> {
    let data = directory.join("stored");
    let server = start(&data)?;
    let each = ((how.gigabytes * 1e9 / BLOB_BYTES as f64 / FILLERS as f64).ceil() as usize).max(1);
    let mut fillers = (0..FILLERS)
        .map(|number| Filler::sign_up(server.origin(), number))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let gb = (each * FILLERS * BLOB_BYTES) as f64 / 1e9;
    let mut rows = vec![Row::told("GB of 1 MB blobs stored", gb, "GB")];
    let started = Instant::now();
    at_once(&mut fillers, |filler| {
        (0..each).try_for_each(|_| filler.store())
    })?;
    rows.push(Row::told(
        "written over HTTP",
        gb * 1e3 / started.elapsed().as_secs_f64(),
        "MB/s",
    ));
    let files = directory.join("files");
    rows.extend(reads::measure(&sources(
        &server, &fillers, how.nginx, &files,
    ))?);
    rows.extend(memory(&server, &mut fillers)?);
    let per_byte = |data: &Path| Ok::<_, anyhow::Error>(disk_bytes(data)? as f64 / gb / 1e9);
    rows.push(Row::told(
        "disk use of a stored byte",
        per_byte(&data)?,
        "B",
    ));
    server.kill()?;
    let (server, open_s) = open(&data)?;
    let goal = format!("< 5 ({gb:.0} GB)");
    rows.push(Row::told("open after a kill", open_s, "s").held(&goal, open_s < MOST_OPEN_S));
    for filler in &mut fillers {
        filler.http = filler.http.moved_to(server.origin());
    }
    at_once(&mut fillers, |filler| {
        let removed = filler.remove_half()?;
        (0..removed).try_for_each(|_| filler.store())
    })?;
    rows.push(Row::told(
        "disk use of a stored byte after half was replaced",
        per_byte(&data)?,
        "B",
    ));
    server.kill()?;
    let (server, open_s) = open(&data)?;
    rows.push(Row::told(
        "open after half was replaced and a kill",
        open_s,
        "s",
    ));
    server.kill()?;
    Ok(rows)
}

fn start(data: &Path) -> anyhow::Result<Server> {
    Server::start_within(LONGEST_OPEN, data, &["--log", "warn"])
}

/// The server, and how long it took from its start until it listened.
fn open(data: &Path) -> anyhow::Result<(Server, f64)> {
    let started = Instant::now();
    let server = start(data)?;
    Ok((server, started.elapsed().as_secs_f64()))
}

fn sources<'a>(
    server: &'a Server,
    fillers: &[Filler],
    nginx: &'a Path,
    directory: &'a Path,
) -> Sources<'a> {
    let some = |filler: &Filler| {
        let blobs = filler.stored.iter().take(READ_BLOBS / FILLERS);
        (
            filler.http.cookie(),
            blobs.map(|(_, blob)| path(*blob)).collect(),
        )
    };
    Sources {
        origin: server.origin(),
        blobs: fillers.iter().map(some).collect(),
        nginx,
        directory,
    }
}

fn path(blob: BlobId) -> String {
    routes::BLOB.replace("{blob_id}", &blob.to_string())
}

/// Memory once everything has been read once.
fn memory(server: &Server, fillers: &mut [Filler]) -> anyhow::Result<Vec<Row>> {
    let started = Instant::now();
    let read = at_once(fillers, |filler| {
        let mut wire = Wire::to(server.origin(), filler.http.cookie())?;
        filler
            .stored
            .iter()
            .map(|(_, blob)| wire.get(&path(*blob)))
            .sum::<anyhow::Result<u64>>()
    })?;
    let read_mb = read.into_iter().sum::<u64>() as f64 / 1e6;
    let took_s = started.elapsed().as_secs_f64();
    let (now, most) = resident_bytes(server.pid())?;
    let (now_mb, most_mb) = (now as f64 / 1e6, most as f64 / 1e6);
    Ok(vec![
        Row::told("everything read once", read_mb / took_s, "MB/s"),
        Row::told("resident memory after it", now_mb, "MB")
            .held("< 300", now_mb < MOST_RESIDENT_MB),
        Row::told("resident memory at most", most_mb, "MB"),
    ])
}
