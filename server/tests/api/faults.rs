//! The program on disks that are full, fail, or cannot be written: real ones, made with what Linux offers to anybody.
//! Its log is kept short: nobody reads it before the end, and a full pipe would hold the program up.

use crate::support::{RemoteAnswer, RemotePerson, Running, bytes, smail};
use smail_protocol::{BlobId, ItemId, ItemWriteRequest, ObjectId, StateWriteRequest, routes};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A shell of its own user and mount namespace that runs `script` with the program as `$0` and `data` as `$1`.
fn shell(script: &str, data: &Path) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-ec", script])
        .arg(env!("CARGO_BIN_EXE_smail"))
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Asks until the server's word about itself is this one: it looks once a second.
fn await_health(server: &Running, status: u16) {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let answer =
            server.exchange(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        if answer.starts_with(&format!("HTTP/1.1 {status}")) {
            return;
        }
        assert!(Instant::now() < until, "{answer}");
        // Each answer is a line in a log that nobody reads yet.
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn item_path(item: ItemId) -> String {
    routes::ITEM.replace("{item_id}", &item.to_string())
}

fn write(who: &RemotePerson, blob_id: BlobId) -> ItemWriteRequest {
    ItemWriteRequest {
        base_version: 0,
        mailbox_id: who.account.inbox,
        blob_id,
        sealed: bytes(b"sealed"),
        parts: None,
    }
}

/// What a letter of [`octets`] comes to.
const LETTER_BYTES: usize = 1_000_000;

fn octets(n: u32) -> Vec<u8> {
    n.to_be_bytes().repeat(LETTER_BYTES / 4)
}

/// Files letters of a megabyte until one is refused. Gives those that were acknowledged, and the refusal.
fn fill(server: &Running, who: &RemotePerson) -> (Vec<(ItemId, BlobId)>, RemoteAnswer) {
    let mut filed = Vec::new();
    for n in 0..200 {
        let blob_id = match who.upload(server, &octets(n)) {
            Ok(receipt) => receipt.blob_id,
            Err(refusal) => return (filed, refusal),
        };
        let item = ItemId::from_bytes(rand::random());
        let answer = who.put(server, &item_path(item), &write(who, blob_id));
        if answer.status != 200 {
            return (filed, answer);
        }
        filed.push((item, blob_id));
    }
    panic!("nothing was refused");
}

/// All that was acknowledged is there, to the octet: the first `len` of each letter.
fn check(server: &Running, who: &RemotePerson, filed: &[(ItemId, BlobId)], len: usize) {
    for (n, (item, blob)) in (0..).zip(filed) {
        let shown = who.ask(server, &format!("GET {}", item_path(*item)));
        assert_eq!(shown.status, 200);
        let path = routes::BLOB.replace("{blob_id}", &blob.to_string());
        let read = who.ask(server, &format!("GET {path}"));
        assert!(
            read.status == 200 && read.body == octets(n)[..len],
            "letter {n}"
        );
    }
}

#[test]
fn a_full_disk_refuses_what_adds_lets_room_be_made_and_recovers() {
    let mount = tempfile::tempdir().unwrap();
    // The reserve is 64 MiB, and some more is set aside for the log. The ballast is what else is on the disk.
    let script = "mount -t tmpfs -o size=112m none \"$1\"; head -c 16m /dev/zero > \"$1/ballast\"; \
        exec \"$0\" serve --log error --listen 127.0.0.1:0 --data \"$1/data\"";
    let server = Running::spawn(shell(script, mount.path()));
    let alice = RemotePerson::sign_up(&server, "alice");
    let (filed, refusal) = fill(&server, &alice);
    assert_eq!(
        (refusal.status, refusal.problem().as_str()),
        (507, "storage-full")
    );
    assert!(filed.len() > 2, "{}", filed.len());
    await_health(&server, 507);
    check(&server, &alice, &filed, LETTER_BYTES);

    let (first, _) = filed[0];
    let delete = format!("DELETE {}?version=1", item_path(first));
    assert_eq!(alice.ask(&server, &delete).status, 204);

    let root = PathBuf::from(format!("/proc/{}/root", server.process_id()));
    let ballast = mount.path().join("ballast");
    std::fs::remove_file(root.join(ballast.strip_prefix("/").unwrap())).unwrap();
    await_health(&server, 200);
    alice.upload(&server, &octets(999)).unwrap();
    let (well, log) = server.stop();
    assert!(well, "{log}");
}

#[test]
fn a_disk_that_fails_acknowledges_nothing_more_and_has_kept_the_rest() {
    let data = tempfile::tempdir().unwrap();
    // Writes past the limit that is set below fail, instead of ending the process.
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; exec \"$0\" serve --log error --listen 127.0.0.1:0 --data \"$1\"";
    command
        .args(["-ec", script, env!("CARGO_BIN_EXE_smail")])
        .arg(data.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let server = Running::spawn(command);
    let alice = RemotePerson::sign_up(&server, "alice");
    let log_file = data.path().join("sled/db");
    let mut filed = Vec::new();
    // Space is set aside ahead of the log. When that has just been done, the next letter is written without more of it:
    // so what fails is the writing, and not the setting aside, which would be refused with nothing lost.
    let set_aside = || std::fs::metadata(&log_file).unwrap().blocks();
    loop {
        let before = set_aside();
        let n = u32::try_from(filed.len()).unwrap();
        let receipt = alice.upload(&server, &octets(n)[..100_000]).unwrap();
        let item = ItemId::from_bytes(rand::random());
        let answer = alice.put(&server, &item_path(item), &write(&alice, receipt.blob_id));
        assert_eq!(answer.status, 200);
        filed.push((item, receipt.blob_id));
        if set_aside() > before {
            break;
        }
        assert!(filed.len() < 100, "nothing was set aside");
    }

    let limit = |bytes: &str| {
        let limited = Command::new("prlimit")
            .args(["--pid", &server.process_id().to_string()])
            .arg(format!("--fsize={bytes}:unlimited"))
            .status();
        assert!(limited.unwrap().success());
    };
    limit(&std::fs::metadata(&log_file).unwrap().len().to_string());
    let (none, refusal) = fill(&server, &alice);
    assert!(none.is_empty());
    assert_eq!(
        (refusal.status, refusal.problem().as_str()),
        (503, "unavailable")
    );
    await_health(&server, 503);
    // The disk is well again. What it lost in between is not known, so nothing is taken.
    limit("unlimited");
    let state = routes::STATE.replace("{object_id}", &ObjectId::from_bytes([1; 16]).to_string());
    let body = StateWriteRequest {
        base_version: 0,
        sealed: bytes(b"sealed"),
    };
    assert_eq!(alice.put(&server, &state, &body).status, 503);
    let log = server.kill();
    assert!(log.contains("the engine failed"), "{log}");

    let server = Running::start(data.path(), &[]);
    check(&server, &alice, &filed, 100_000);
    assert_eq!(alice.put(&server, &state, &body).status, 200);
}

/// What the program says when it does not start.
fn refusal(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[test]
fn a_read_only_file_system_is_named() {
    let (used, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Running::start(used.path(), &[]).stop();
    for data in [used, new] {
        let script = "mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"; \
            exec \"$0\" serve --log error --listen 127.0.0.1:0 --data \"$1\"";
        let said = refusal(shell(script, data.path()));
        assert!(said.contains("is on a read-only file system"), "{said}");
        assert!(said.contains(data.path().to_str().unwrap()), "{said}");
    }
}

#[test]
fn changed_data_is_not_served_and_not_touched() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &[]);
    RemotePerson::sign_up(&server, "alice");
    assert!(server.stop().0);
    let log = data.path().join("sled/db");
    let mut octets = std::fs::read(&log).unwrap();
    octets[1_000] ^= 1;
    std::fs::write(&log, &octets).unwrap();
    let path = data.path().to_str().unwrap();
    let said = refusal(smail(&["serve", "--listen", "127.0.0.1:0", "--data", path]));
    assert!(
        said.contains(path) && said.contains("is damaged") && said.contains("restore a backup"),
        "{said}"
    );
    assert!(std::fs::read(&log).unwrap() == octets);
}
