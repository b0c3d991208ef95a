//! Reading blobs of 1 MB: over HTTP from the server, over HTTP from nginx, and as plain files.

use super::fill::BLOB_BYTES;
use super::nginx::Nginx;
use super::row::{Row, median};
use super::wire::Wire;
use rand::{Rng as _, thread_rng};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 4;
const ROUNDS: usize = 5;
const TIME: Duration = Duration::from_secs(2);
/// Goals: one of both.
const LEAST_MB_PER_S: f64 = 500.0;
const LEAST_SHARE: f64 = 0.5;

/// Where to read from.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    /// The server.
    pub(super) origin: &'a str,
    /// Sessions with the paths of the blobs that each may read.
    pub(super) blobs: Vec<(Option<String>, Vec<String>)>,
    /// nginx.
    pub(super) nginx: &'a Path,
    /// An empty directory for the plain files.
    pub(super) directory: &'a Path,
}

/// Interleaved rounds over as many plain files as there are blobs.
pub(super) fn measure(sources: &Sources<'_>) -> anyhow::Result<Vec<Row>> {
    let count = sources.blobs.iter().map(|(_, paths)| paths.len()).sum();
    let files = write_files(sources.directory, count)?;
    let nginx = Nginx::serve(sources.nginx, sources.directory)?;
    let names: Vec<String> = (0..count).map(|number| format!("/{number}")).collect();
    let from_nginx = [(None, names)];
    let mut measured = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let values = [
            over_http(sources.origin, &sources.blobs)?,
            over_http(&nginx.origin(), &from_nginx)?,
            from_files(&files)?,
        ];
        for (all, value) in measured.iter_mut().zip(values) {
            all.push(value);
        }
    }
    let [ours, theirs, plain] = measured.map(median);
    let met = ours >= LEAST_MB_PER_S || ours / theirs >= LEAST_SHARE;
    Ok(vec![
        Row::told("reads of 1 MB blobs over HTTP", ours, "MB/s")
            .held(">= 500 or half of nginx", met),
        Row::told("the same from nginx", theirs, "MB/s"),
        Row::told("share of nginx", ours / theirs, ""),
        Row::told("the same from plain files", plain, "MB/s"),
    ])
}

fn write_files(directory: &Path, count: usize) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(directory)?;
    let octets: Vec<u8> = vec![7; BLOB_BYTES];
    let files: Vec<PathBuf> = (0..count)
        .map(|number| directory.join(number.to_string()))
        .collect();
    files
        .iter()
        .try_for_each(|file| std::fs::write(file, &octets))?;
    Ok(files)
}

/// MB a second, by some keep-alive connections that each take one at random after the other.
fn over_http(origin: &str, blobs: &[(Option<String>, Vec<String>)]) -> anyhow::Result<f64> {
    in_parallel(|thread| {
        let (cookie, paths) = blobs.get(thread % blobs.len()).cloned().unwrap_or_default();
        let mut wire = Wire::to(origin, cookie)?;
        Ok(move || {
            let path = paths.get(thread_rng().gen_range(0..paths.len()));
            wire.get(path.map_or("", String::as_str))
        })
    })
}

fn from_files(files: &[PathBuf]) -> anyhow::Result<f64> {
    in_parallel(|_| {
        let mut buffer = vec![0; BLOB_BYTES];
        Ok(move || {
            if let Some(file) = files.get(thread_rng().gen_range(0..files.len())) {
                File::open(file)?.read_exact(&mut buffer)?;
            }
            Ok(buffer.len() as u64)
        })
    })
}

/// MB a second of what threads read until the time is over.
fn in_parallel<Read: FnMut() -> anyhow::Result<u64>>(
    begin: impl Fn(usize) -> anyhow::Result<Read> + Sync,
) -> anyhow::Result<f64> {
    let (started, begin) = (Instant::now(), &begin);
    let octets: u64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|thread| {
                scope.spawn(move || -> anyhow::Result<u64> {
                    let mut read = begin(thread)?;
                    let mut octets = 0;
                    while started.elapsed() < TIME {
                        octets += read()?;
                    }
                    Ok(octets)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .map_err(|_| anyhow::anyhow!("a reader panicked"))?
            })
            .sum::<anyhow::Result<u64>>()
    })?;
    Ok(octets as f64 / 1e6 / started.elapsed().as_secs_f64())
}
