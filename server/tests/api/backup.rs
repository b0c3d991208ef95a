//! Backup and restore as an operator does them, beside the running server and without it.

use crate::support::{Person, Running, Server, person, smail};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use smail_protocol::CredentialKind;
use smail_server::middleware::Transport;
use smail_server::store::engine::{Batch, Engine as _};
use smail_server::store::{RestoreOptions, SledEngine, Store, StoreOptions, restore};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Runs the program to its end, and gives what it says on both outputs.
fn run(command: &str, data: &Path, arguments: &[&str]) -> Result<String, String> {
    let data = data.to_str().unwrap();
    let output = smail(&[&[command, "--data", data], arguments].concat())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stdout) + &text(output.stderr))
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn it_is_made_while_the_server_runs_and_when_it_does_not() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let file = place.path().join("backup");
    let name = file.to_str().unwrap();
    let server = Running::start(&data, &["--domain", "mail.example"]);
    let socket = data.join("control.sock");
    assert_eq!(mode(&socket), 0o600);
    let said = run("backup", &data, &[name]).unwrap();
    assert!(said.contains("entries"), "{said}");
    assert_eq!(mode(&file), 0o600);
    let refusal = run("backup", &data, &[name]).unwrap_err();
    assert!(refusal.contains("--force"), "{refusal}");
    run("backup", &data, &[name, "--force"]).unwrap();
    let (well, log) = server.stop();
    assert!(well && log.contains("a backup was made"), "{log}");
    assert!(!socket.exists());
    let second = place.path().join("second");
    run("backup", &data, &[second.to_str().unwrap()]).unwrap();
    for backup in [&file, &second] {
        let new = place.path().join("new");
        let said = run("restore", &new, &[backup.to_str().unwrap()]).unwrap();
        assert!(said.contains("--domain mail.example"), "{said}");
        let refusal = run("restore", &new, &[backup.to_str().unwrap()]).unwrap_err();
        assert!(refusal.contains("not empty"), "{refusal}");
        Running::start(&new, &["--domain", "mail.example"]).stop();
        std::fs::remove_dir_all(&new).unwrap();
    }
    assert_eq!(place.path().read_dir().unwrap().count(), 3);
}

#[test]
fn a_socket_that_a_killed_server_has_left_is_in_nobodys_way() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    drop(Running::start(&data, &[]));
    assert!(data.join("control.sock").exists());
    let file = place.path().join("backup");
    run("backup", &data, &[file.to_str().unwrap()]).unwrap();
    let (well, log) = Running::start(&data, &[]).stop();
    assert!(well, "{log}");
}

#[test]
fn a_path_too_long_for_a_socket_is_served_too() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("d".repeat(120));
    let _server = Running::start(&data, &[]);
    let file = place.path().join("backup");
    run("backup", &data, &[file.to_str().unwrap()]).unwrap();
}

#[test]
fn where_nothing_is_nothing_is_made() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let file = place.path().join("backup");
    let name = file.to_str().unwrap();
    for (command, arguments) in [
        ("backup", &[name][..]),
        ("restore", &[name]),
        ("check", &[]),
        ("stats", &[]),
    ] {
        let refusal = run(command, &data, arguments).unwrap_err();
        assert!(
            refusal.contains(place.path().to_str().unwrap()),
            "{refusal}"
        );
    }
    assert_eq!(place.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_backup_that_cannot_be_written_names_the_file_that_was_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let told = |file: &Path| {
        let file = file.to_str().unwrap();
        let refusal = run("backup", &data, &[file]).unwrap_err();
        assert!(
            refusal.contains(file) && !refusal.contains(".smail-backup-"),
            "{refusal}"
        );
    };
    let nowhere = place.path().join("missing").join("backup");
    let server = Running::start(&data, &[]);
    told(&nowhere);
    server.stop();
    told(&nowhere);
    // A file system that takes no new files.
    told(Path::new("/proc/backup"));
}

#[test]
fn a_store_without_its_note_is_refused_by_name() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    Running::start(&data, &[]).stop();
    std::fs::write(data.join("durable"), "").unwrap();
    let refusal = run("check", &data, &[]).unwrap_err();
    assert!(
        refusal.contains("`durable`") && refusal.contains("restore a backup"),
        "{refusal}"
    );
    let file = place.path().join("backup");
    run("backup", &data, &[file.to_str().unwrap()]).unwrap_err();
    assert!(!file.exists());
}

#[test]
fn numbers_are_the_same_from_the_server_and_without_it() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let server = Running::start(&data, &[]);
    let numbers = || {
        let json = run("stats", &data, &["--json"]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(json["disk_bytes"].as_u64().unwrap() > 0);
        assert!(json["free_bytes"].as_u64().unwrap() > 0);
        ["layout", "accounts", "items", "blobs", "stored_bytes"].map(|name| json[name].clone())
    };
    let served = numbers();
    assert_eq!(served[1..], [0, 0, 0, 0].map(serde_json::Value::from));
    assert!(
        run("stats", &data, &[])
            .unwrap()
            .contains("disk per stored byte")
    );
    server.stop();
    assert_eq!(numbers(), served);
}

#[test]
fn what_is_served_is_not_checked_and_what_is_not_whole_fails() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let server = Running::start(&data, &[]);
    let refusal = run("check", &data, &[]).unwrap_err();
    assert!(refusal.contains("stop it first"), "{refusal}");
    server.stop();
    let said = run("check", &data, &[]).unwrap();
    assert!(said.contains("0 wrong"), "{said}");
}

#[test]
fn a_fault_that_stays_ends_a_check_in_failure() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    Running::start(&data, &[]).stop();
    let engine = SledEngine::open(&data, &StoreOptions::default()).unwrap();
    let mut batch = Batch::default();
    batch.put(b"~", b"nothing of ours");
    engine.commit(&batch).unwrap();
    drop(engine);
    for (arguments, advice) in [(&[][..], "--repair"), (&["--repair"], "restore a backup")] {
        let said = run("check", &data, arguments).unwrap_err();
        assert!(
            said.contains("a key of no known form: 7e\n")
                && said.contains("1 wrong, 0 repaired")
                && said.contains("1 left")
                && said.contains(advice),
            "{said}"
        );
    }
}

#[test]
fn only_an_ordinary_file_is_restored() {
    let place = tempfile::tempdir().unwrap();
    let pipe = place.path().join("pipe");
    let owner_alone = Mode::RUSR | Mode::WUSR;
    mknodat(CWD, &pipe, FileType::Fifo, owner_alone, 0).unwrap();
    let data = place.path().join("data");
    // Opening a pipe that nobody writes to would wait for ever.
    for file in [Path::new("/dev/zero"), place.path(), &pipe] {
        let refusal = run("restore", &data, &[file.to_str().unwrap()]).unwrap_err();
        assert!(refusal.contains("ordinary file"), "{refusal}");
        assert!(!data.exists());
    }
}

#[actix_web::test]
async fn a_login_works_after_a_restore() {
    let place = tempfile::tempdir().unwrap();
    let store = Store::in_memory();
    let server = Server::over(store.clone(), Transport::Plain).await;
    let alice = Person::sign_up(&server, "alice").await;
    let (file, data) = (place.path().join("backup"), place.path().join("new"));
    let out = std::fs::File::create(&file).unwrap();
    let spill = tempfile::tempfile().unwrap();
    store.back_up(out, spill, 0, |_| true).unwrap();
    restore(&file, &data, &RestoreOptions::default(), |_| ()).unwrap();
    let restored = Store::open(&data, &RestoreOptions::default().store).unwrap();
    let server = Server::over(restored, Transport::Plain).await;
    let kind = CredentialKind::Password;
    let answer = person::log_in(&server, "alice", person::PASSWORD, kind, None).await;
    answer.expect(200);
    assert_eq!(
        Person::of(&answer).account.account_id,
        alice.account.account_id
    );
    person::log_in(&server, "alice", "wrong", kind, None)
        .await
        .expect(401);
}
