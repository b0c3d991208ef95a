//! A backup while people send, restored elsewhere and compared item by item.

use super::cast::Actor;
use super::history::judge_copy;
use super::rounds::{cast, inspect_all, send_while, verify};
use super::tally::Tally;
use crate::measure::fill::{Filler, at_once};
use crate::server::{Server, program};
use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};
use smail_protocol::{BlobId, Item, ItemId, routes};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const FILLERS: usize = 4;
const BLOBS_PER_GB: f64 = 1_000.0;
/// How long people send before the backup begins.
const BEFORE: Duration = Duration::from_secs(1);
/// How long an opening may take: after a kill all that was written since the last one is read.
const LONGEST_OPEN: Duration = Duration::from_secs(600);

/// How much, and how hard.
#[derive(Debug, Clone, Copy)]
pub struct BackupPlan {
    /// GB of blobs that are there before.
    pub gigabytes: f64,
    /// People who send meanwhile, 2 to 8.
    pub senders: usize,
    /// Of all random choices.
    pub seed: u64,
}

/// Fills, backs up while people send, restores into an empty directory, and compares; then looks at the original too.
///
/// # Errors
/// When a program fails, or the suite cannot go on. What differs is in the tally.
pub fn run(
    directory: &Path,
    plan: &BackupPlan,
    mut tell: impl FnMut(&str),
) -> anyhow::Result<Tally> {
    let (data, file, copy) = (
        directory.join("data"),
        directory.join("backup"),
        directory.join("restored"),
    );
    let server = start(&data)?;
    let mut fillers = fill(server.origin(), plan.gigabytes)?;
    tell(&format!("{:.1} GB are stored", plan.gigabytes));
    let mut cast = cast(server.origin(), plan.senders)?;
    let mut took = Duration::ZERO;
    send_while(&mut cast, plan.seed, || {
        std::thread::sleep(BEFORE);
        let started = Instant::now();
        let made = smail(&["backup"], &file, &data);
        took = started.elapsed();
        server.kill()?;
        made
    })?;
    tell(&format!(
        "backed up in {:.0} s, {} bytes",
        took.as_secs_f64(),
        file.metadata()?.len()
    ));
    smail(&["restore", "--keep-sessions"], &file, &copy)?;
    let restored = start(&copy)?;
    let mut tally = compare(&restored, &mut cast, &mut fillers, &mut tell)?;
    restored.kill()?;
    let server = start(&data)?;
    let original = verify(&server, &mut cast, |fault| {
        tell(&format!("the original: {fault}"))
    })?;
    tally += Tally {
        acknowledged: 0,
        ..original
    };
    server.kill()?;
    Ok(tally)
}

fn start(data: &Path) -> anyhow::Result<Server> {
    Server::start_within(LONGEST_OPEN, data, &["--log", "warn"])
}

fn fill(origin: &str, gigabytes: f64) -> anyhow::Result<Vec<Filler>> {
    let mut fillers = (0..FILLERS)
        .map(|number| Filler::sign_up(origin, number))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let each = (gigabytes * BLOBS_PER_GB / FILLERS as f64).ceil().max(1.0) as usize;
    at_once(&mut fillers, |filler| {
        (0..each).try_for_each(|_| filler.store())
    })?;
    Ok(fillers)
}

/// Runs a command of the server's own program.
fn smail(command: &[&str], file: &Path, data: &Path) -> anyhow::Result<()> {
    let status = Command::new(program()?)
        .args(command)
        .arg(file)
        .arg("--data")
        .arg(data)
        .status()
        .context("starting smail")?;
    ensure!(status.success(), "smail {command:?} failed ({status})");
    Ok(())
}

fn compare(
    restored: &Server,
    cast: &mut [Actor],
    fillers: &mut [Filler],
    tell: &mut impl FnMut(&str),
) -> anyhow::Result<Tally> {
    cast.iter_mut()
        .for_each(|actor| actor.move_to(restored.origin()));
    let found = inspect_all(cast)?;
    let verdict = judge_copy(cast, &found);
    verdict.faults.iter().take(12).for_each(|fault| tell(fault));
    let mut tally = verdict.tally;
    let differing = at_once(fillers, |filler| {
        filler.http = filler.http.moved_to(restored.origin());
        let stored = filler.stored.iter();
        stored
            .map(|(item, blob)| is_as_stored(filler, *item, *blob))
            .collect::<anyhow::Result<Vec<bool>>>()
    })?;
    let compared: Vec<bool> = differing.into_iter().flatten().collect();
    tally.lost += compared
        .iter()
        .filter(|is_as_stored| !**is_as_stored)
        .count() as u64;
    let items = found.iter().map(|found| found.items.len()).sum::<usize>();
    tell(&format!(
        "compared {} items of 1 MB and {items} of the senders",
        compared.len()
    ));
    tally.acknowledged = compared.len() as u64
        + cast
            .iter()
            .map(|actor| actor.book.acknowledged)
            .sum::<u64>();
    Ok(tally)
}

/// Whether an item is what was stored, and its blob too, octet by octet.
fn is_as_stored(filler: &Filler, item: ItemId, blob: BlobId) -> anyhow::Result<bool> {
    let path = routes::ITEM.replace("{item_id}", &item.to_string());
    let answer = filler.http.exchange("GET", &path, &[], b"")?;
    let names_blob = serde_json::from_slice::<Item>(&answer.body)
        .is_ok_and(|item| item.blob_id == blob && item.version == 1);
    let path = routes::BLOB.replace("{blob_id}", &blob.to_string());
    let answer = filler.http.exchange("GET", &path, &[], b"")?;
    let digest: [u8; 32] = Sha256::digest(&answer.body).into();
    Ok(names_blob && digest == *blob.as_bytes())
}
