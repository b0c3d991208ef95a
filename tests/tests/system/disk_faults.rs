//! The real server on a disk that fails: it refuses to write, loses nothing that it acknowledged, and answers reads
//! rightly or not at all; all of them while the disk is only full.

use smail_protocol::{BlobReceipt, MailboxId, routes};
use smail_tests::crash::cast::Actor;
use smail_tests::crash::rounds::{cast, send_while, verify};
use smail_tests::disk::{Faults, PowerDisk};
use smail_tests::http::Http;
use smail_tests::luck::Luck;
use smail_tests::people::{Person, log_in};
use smail_tests::server::Server;
use std::fs::File;
use std::time::{Duration, Instant};

const SENDERS: usize = 3;
/// Room left on a disk that is nearly full.
const ROOM_BYTES: u64 = 300_000;
/// How much a server leaves free: the default of its store.
const RESERVE_BYTES: u64 = 64 * 1024 * 1024;
/// How long people send before the disk fails.
const BEFORE: Duration = Duration::from_millis(400);
/// How long a server may take to open a disk that fails meanwhile.
const FIRST_START: Duration = Duration::from_secs(3);
/// Longest that somebody waits who needs a disk that hangs: twice what the server calls a stall.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a disk of its own, with people.
struct Stage {
    server: Server,
    disk: PowerDisk,
    cast: Vec<Actor>,
}

impl Stage {
    fn set() -> Self {
        Self::on(PowerDisk::mount().unwrap())
    }

    fn on(disk: PowerDisk) -> Self {
        let server = start(&disk).unwrap();
        let cast = cast(server.origin(), SENDERS).unwrap();
        Self { server, disk, cast }
    }

    /// People send; after a while the disk fails; they go on until they are refused.
    fn send_until_refused(&mut self, faults: Faults) {
        let disk = &self.disk;
        send_while(&mut self.cast, 7, || {
            std::thread::sleep(BEFORE);
            disk.set_faults(faults);
            Ok(())
        })
        .unwrap();
    }

    /// The same, with a disk that becomes full: it keeps a little more room than is taken by then, and what is given back.
    fn send_until_full(&mut self, faults: Faults) {
        let disk = &self.disk;
        send_while(&mut self.cast, 7, || {
            std::thread::sleep(BEFORE);
            disk.set_faults(Faults {
                capacity_bytes: Some(disk.used_bytes() + ROOM_BYTES),
                ..faults
            });
            Ok(())
        })
        .unwrap();
    }

    /// Everything that was acknowledged is there.
    #[track_caller]
    fn verify(&mut self) {
        let mut faults = Vec::new();
        let tally = verify(&self.server, &mut self.cast, |fault| {
            faults.push(fault.to_owned())
        })
        .unwrap();
        assert!(
            tally.is_clean(),
            "{tally}: {faults:#?}\n{}",
            self.server.log()
        );
    }

    /// Cuts the power, mends the disk and starts again.
    fn restart(self) -> Self {
        let Self { server, disk, cast } = self;
        server.kill().unwrap();
        disk.cut(&mut Luck::of(7, 0, 0));
        disk.set_faults(Faults::default());
        let server = start(&disk).unwrap();
        Self { server, disk, cast }
    }

    /// Everything acknowledged is there, and it is written again.
    #[track_caller]
    fn assert_whole(mut self) {
        self.verify();
        assert_eq!(self.upload(), 201, "{}", self.server.log());
    }

    /// Status of an upload.
    fn upload(&self) -> u16 {
        self.upload_of(&[7; 5_000])
    }

    fn upload_of(&self, octets: &[u8]) -> u16 {
        let fields = [("content-type", "application/octet-stream")];
        let http = &self.cast[0].http;
        let answer = http.exchange("POST", routes::BLOBS, &fields, octets);
        answer.unwrap().status
    }

    /// Uploads more and more that is new, until not even a little more is taken.
    fn upload_until_full(&self) {
        let statuses = (0_u32..1_000).map(|n| self.upload_of(&n.to_be_bytes().repeat(1_250)));
        let refused = statuses.filter(|status| *status == 507).take(3).count();
        assert_eq!(refused, 3, "{}", self.server.log());
    }

    /// Cuts the engine's log to its length, as the engine does at times that nobody can choose: what is set aside behind
    /// its end is given back to the disk.
    fn cut_log(&self) {
        let path = self.disk.data().join("sled").join("db");
        let log = File::options().write(true).open(path).unwrap();
        log.set_len(log.metadata().unwrap().len()).unwrap();
    }

    /// Status of making or removing a mailbox that nothing is in.
    fn mailbox(&self, method: &str) -> u16 {
        let id = MailboxId::from_bytes([0xee; 16]).to_string();
        let path = routes::MAILBOX.replace("{mailbox_id}", &id);
        let answer = self.cast[0].http.exchange(method, &path, &[], b"");
        answer.unwrap().status
    }

    /// What some reads are answered with.
    fn reads(&self, upload: &BlobReceipt) -> Vec<u16> {
        let blob = routes::BLOB.replace("{blob_id}", &upload.blob_id.to_string());
        let items = routes::MAILBOX_ITEMS.replace("{mailbox_id}", &self.cast[0].sent.to_string());
        let status = |path: &str| {
            let answer = self.cast[0].http.exchange("GET", path, &[], b"");
            answer.unwrap().status
        };
        [routes::ACCOUNT, routes::STATES, &blob, &items]
            .map(status)
            .to_vec()
    }

    /// Everything is read as ever.
    #[track_caller]
    fn assert_reads(&self, upload: &BlobReceipt) {
        assert_eq!(self.reads(upload), [200; 4], "{}", self.server.log());
    }

    /// What cannot be known to survive is not shown (and the engine may want to write, to split a page, on its way to a
    /// key): a read is right or refused, and none hangs.
    #[track_caller]
    fn assert_reads_are_right_or_refused(&self, upload: &BlobReceipt) {
        let reads = self.reads(upload);
        let is_allowed = |status: &u16| matches!(status, 200 | 503 | 507);
        assert!(
            reads.iter().all(is_allowed),
            "{reads:?}\n{}",
            self.server.log()
        );
    }

    /// Status of the health check.
    fn health(&self) -> u16 {
        let http = &self.cast[0].http;
        http.exchange("GET", routes::HEALTH, &[], b"")
            .unwrap()
            .status
    }

    /// An upload from before the fault.
    fn upload_before(&self) -> BlobReceipt {
        self.cast[0]
            .http
            .octets(routes::BLOBS, b"written before the disk failed")
            .unwrap()
    }
}

/// Whether it becomes so before somebody has waited too long.
fn soon(is_so: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if is_so() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

fn start(disk: &PowerDisk) -> anyhow::Result<Server> {
    Server::start_with(&disk.data(), &["--log", "warn"])
}

#[test]
fn a_disk_that_is_filling_up_is_refused_before_it_is_full() {
    let mut stage = Stage::set();
    let upload = stage.upload_before();
    let capacity = stage.disk.used_bytes() + RESERVE_BYTES;
    let nearly_full = Faults {
        capacity_bytes: Some(capacity + ROOM_BYTES),
        ..Faults::default()
    };
    stage.send_until_refused(nearly_full);
    stage.disk.set_faults(Faults {
        capacity_bytes: Some(capacity),
        ..Faults::default()
    });
    assert_eq!(stage.upload(), 507);
    stage.assert_reads(&upload);
    // There is space again: nothing need be started anew.
    stage.disk.set_faults(Faults::default());
    assert_eq!(stage.upload(), 201);
    stage.restart().verify();
}

#[test]
fn a_disk_that_is_full_without_warning_is_read_on_and_written_again_when_there_is_space() {
    let mut stage = Stage::set();
    let upload = stage.upload_before();
    assert_eq!(stage.mailbox("PUT"), 204);
    stage.send_until_full(Faults {
        space_is_hidden: true,
        ..Faults::default()
    });
    // What is short may still have room when what is long has none.
    stage.upload_until_full();
    for _ in 0..3 {
        assert_eq!(stage.upload(), 507, "{}", stage.server.log());
        stage.assert_reads(&upload);
    }
    // Who has to make room can log in for that, and does.
    let alice = Person::new(stage.cast[0].username.as_str());
    let origin = stage.server.origin().to_owned();
    log_in(&Http::to(&origin), &alice).unwrap();
    stage.cut_log();
    log_in(&Http::to(&origin), &alice).unwrap();
    assert_eq!(stage.mailbox("DELETE"), 204, "{}", stage.server.log());
    // What is short fits again, or not yet: what was set aside is more than was needed.
    assert!(matches!(stage.mailbox("PUT"), 204 | 507));
    stage.disk.set_faults(Faults::default());
    assert_eq!(stage.upload(), 201, "{}", stage.server.log());
    stage.verify();
    stage.restart().verify();
}

#[test]
fn a_full_disk_that_sets_nothing_aside_costs_nothing_acknowledged() {
    let disk = PowerDisk::mount().unwrap();
    disk.set_faults(Faults {
        sets_nothing_aside: true,
        ..Faults::default()
    });
    let mut stage = Stage::on(disk);
    let upload = stage.upload_before();
    stage.send_until_full(Faults {
        space_is_hidden: true,
        sets_nothing_aside: true,
        ..Faults::default()
    });
    assert!(
        matches!(stage.upload(), 503 | 507),
        "{}",
        stage.server.log()
    );
    stage.assert_reads_are_right_or_refused(&upload);
    stage.restart().assert_whole();
}

#[test]
fn after_a_sync_that_failed_nothing_is_acknowledged() {
    let mut stage = Stage::set();
    let upload = stage.upload_before();
    stage.send_until_refused(Faults {
        syncs_fail: true,
        ..Faults::default()
    });
    // The next sync would succeed, and not bring what the failed one left: the server must not go by it.
    stage.disk.set_faults(Faults::default());
    assert_eq!(stage.upload(), 503, "{}", stage.server.log());
    stage.assert_reads_are_right_or_refused(&upload);
    stage.restart().assert_whole();
}

#[test]
fn writes_that_fail_cost_nothing_acknowledged() {
    let mut stage = Stage::set();
    let upload = stage.upload_before();
    stage.send_until_refused(Faults {
        writes_fail: true,
        ..Faults::default()
    });
    assert_eq!(stage.upload(), 503, "{}", stage.server.log());
    stage.assert_reads_are_right_or_refused(&upload);
    stage.restart().assert_whole();
}

#[test]
fn a_disk_that_became_read_only_costs_nothing_acknowledged() {
    let mut stage = Stage::set();
    let upload = stage.upload_before();
    let read_only = Faults {
        read_only: true,
        ..Faults::default()
    };
    stage.send_until_refused(read_only);
    assert_eq!(stage.upload(), 503, "{}", stage.server.log());
    stage.assert_reads_are_right_or_refused(&upload);

    let Stage { server, disk, cast } = stage;
    server.kill().unwrap();
    let refusal = start(&disk).unwrap_err().to_string();
    assert!(refusal.contains("--data"), "{refusal}");
    assert!(!refusal.contains("panicked"), "{refusal}");
    disk.cut(&mut Luck::of(7, 0, 0));
    disk.set_faults(Faults::default());
    let server = start(&disk).unwrap();
    Stage { server, disk, cast }.assert_whole();
}

#[test]
fn a_disk_that_hangs_is_told_of_and_nobody_waits_for_it_for_ever() {
    let mut stage = Stage::set();
    assert_eq!(stage.health(), 200);
    let (hanging, began) = (stage.disk.hang(), Instant::now());
    let told = (stage.upload(), stage.health());
    let waited = began.elapsed();
    drop(hanging);
    assert_eq!(told, (503, 503), "{}", stage.server.log());
    assert!(waited < PATIENCE, "{waited:?}");
    // The log is written, and read here, by others than those who are answered.
    assert!(
        soon(|| stage.server.log().contains("the disk does not answer")),
        "{}",
        stage.server.log()
    );
    assert!(soon(|| stage.health() == 200), "{}", stage.server.log());
    assert_eq!(stage.upload(), 201, "{}", stage.server.log());
    stage.verify();
}

/// The power is cut after so many changes of an empty disk, by a server that opens it for the first time, and cut again
/// when it was opened anew. Gives whether the first opening came to its end.
fn open_and_cut_off(changes: u64, luck: u64) -> anyhow::Result<bool> {
    let disk = PowerDisk::mount()?;
    disk.set_faults(Faults {
        changes_left: Some(changes),
        ..Faults::default()
    });
    // sled sometimes waits for ever for a thread of its own that has met the fault.
    let first = Server::start_within(FIRST_START, &disk.data(), &["--log", "warn"]);
    let is_whole = first.is_ok();
    drop(first);
    disk.cut(&mut Luck::of(7, changes, luck));
    disk.set_faults(Faults::default());
    start(&disk)?.kill()?;
    disk.cut(&mut Luck::of(8, changes, luck));
    start(&disk)?;
    Ok(is_whole)
}

#[test]
fn the_very_first_opening_may_be_cut_off_anywhere() {
    let whole = (0..100).find(|changes| {
        let outcomes = [0, 1].map(|luck| {
            open_and_cut_off(*changes, luck)
                .unwrap_or_else(|error| panic!("{changes} changes, luck {luck}: {error:#}"))
        });
        outcomes.into_iter().any(|is_whole| is_whole)
    });
    assert!(whole.is_some_and(|changes| changes > 9), "{whole:?}");
}
