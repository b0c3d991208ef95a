//! Opening a data directory, and every reason not to.

use super::fixture::{Person, copy, open, options, read_blob};
use crate::store::engine::{Batch, Engine as _};
use crate::store::{OpenError, SledEngine, Store, layout};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tempfile::TempDir;

fn open_error(path: &Path) -> OpenError {
    Store::open(path, &options()).map(|_| ()).unwrap_err()
}

#[test]
fn what_was_acknowledged_is_there_after_reopening() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let (alice, bob) = (
        Person::sign_up(&store, "alice", 1),
        Person::sign_up(&store, "bob", 2),
    );
    let letter = vec![7; 300_000];
    let blob = alice.send(&store, 1, &letter, &[&bob]);
    let setup = store.server_setup(|| b"setup".to_vec()).unwrap();
    drop(store);

    let directory = copy(directory.path());
    let store = open(directory.path());
    assert_eq!(read_blob(&store, &bob, blob), Some(letter));
    assert_eq!(
        store
            .item_page(bob.account, bob.inbox, None, 9)
            .unwrap()
            .total,
        1
    );
    assert_eq!(store.server_setup(|| panic!("made again")).unwrap(), setup);
}

#[test]
fn a_second_opener_is_told_who_is_in_the_way() {
    let directory = TempDir::new().unwrap();
    let _store = open(directory.path());
    let error = open_error(directory.path());
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    assert_eq!(error.code(), "data-in-use");
}

#[test]
fn a_directory_with_other_files_is_left_alone() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("thesis.tex"), "chapter 1").unwrap();
    assert!(matches!(
        open_error(directory.path()),
        OpenError::Foreign { .. }
    ));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_directory_that_was_there_is_kept_to_its_owner() {
    let directory = TempDir::new().unwrap();
    let mode = || directory.path().metadata().unwrap().permissions().mode() & 0o777;
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let store = open(directory.path());
    assert_eq!(mode(), 0o700);
    drop(store);
}

#[test]
fn a_path_that_is_a_file_is_an_error_of_the_file_system() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("file");
    fs::write(&path, "").unwrap();
    assert!(matches!(open_error(&path), OpenError::Io { .. }));
}

#[test]
fn a_newer_layout_is_refused() {
    let directory = TempDir::new().unwrap();
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    let mut batch = Batch::default();
    batch.put(layout::layout_version(), 2_u32.to_be_bytes());
    engine.commit(&batch).unwrap();
    drop(engine);
    let directory = copy(directory.path());
    assert!(matches!(
        open_error(directory.path()),
        OpenError::UnsupportedLayout {
            found: 2,
            supported: 1
        }
    ));
}

#[test]
fn data_without_a_layout_is_damaged() {
    let directory = TempDir::new().unwrap();
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    let mut batch = Batch::default();
    batch.put(b"n", b"");
    engine.commit(&batch).unwrap();
    drop(engine);
    let directory = copy(directory.path());
    assert!(matches!(
        open_error(directory.path()),
        OpenError::Damaged { .. }
    ));
}

#[test]
fn a_scribbled_database_is_damaged() {
    let directory = TempDir::new().unwrap();
    drop(open(directory.path()));
    let directory = copy(directory.path());
    fs::write(
        directory.path().join("sled").join("conf"),
        "nothing that sled ever wrote",
    )
    .unwrap();
    assert!(matches!(
        open_error(directory.path()),
        OpenError::Damaged { .. }
    ));
}

#[test]
fn the_directory_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data");
    let _store = open(&path);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

/// What an opening leaves that ends before it has written anything durably.
fn begun() -> TempDir {
    let directory = TempDir::new().unwrap();
    drop(SledEngine::open(directory.path(), &options()).unwrap());
    copy(directory.path())
}

#[test]
fn a_first_opening_that_was_cut_off_is_begun_anew() {
    type Cut = fn(&Path);
    let cuts: [(&str, Cut); 7] = [
        ("nothing lost", |_| ()),
        ("the engine's directory empty", |sled| {
            fs::remove_dir_all(sled).unwrap();
            fs::create_dir(sled).unwrap();
        }),
        ("no log", |sled| fs::remove_file(sled.join("db")).unwrap()),
        ("no settings", |sled| {
            fs::remove_file(sled.join("conf")).unwrap();
        }),
        ("torn settings", |sled| {
            let settings = fs::read(sled.join("conf")).unwrap();
            fs::write(sled.join("conf"), &settings[..settings.len() - 4]).unwrap();
        }),
        ("a torn log", |sled| {
            let mut log = fs::read(sled.join("db")).unwrap();
            log.truncate(90);
            log[..40].fill(0);
            fs::write(sled.join("db"), log).unwrap();
        }),
        ("an unfinished note", |sled| {
            fs::remove_dir_all(sled).unwrap();
            let data = sled.parent().unwrap();
            fs::remove_file(data.join("durable")).unwrap();
            fs::write(data.join("durable.new"), "torn").unwrap();
            // It is written to once the store is made.
            fs::write(data.join("lock"), "").unwrap();
        }),
    ];
    for (what, cut) in cuts {
        let directory = begun();
        cut(&directory.path().join("sled"));
        let store = Store::open(directory.path(), &options())
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        Person::sign_up(&store, "alice", 1);
        drop(store);
        let directory = copy(directory.path());
        let store = open(directory.path());
        let alice = Person::new("alice", 1).username;
        assert!(store.account_by_name(&alice).unwrap().is_some(), "{what}");
    }
}

#[test]
fn what_was_acknowledged_is_never_taken_for_a_beginning() {
    let directory = TempDir::new().unwrap();
    let engine = SledEngine::open(directory.path(), &options()).unwrap();
    let mut batch = Batch::default();
    batch.put(layout::layout_version(), 1_u32.to_be_bytes());
    let note = || fs::read(directory.path().join("durable")).unwrap()[..8].to_vec();
    assert_eq!(note(), [0; 8]);
    engine.commit(&batch).unwrap();
    assert_ne!(note(), [0; 8]);
    drop(engine);
    let directory = copy(directory.path());
    fs::write(directory.path().join("sled").join("db"), "").unwrap();
    assert!(matches!(
        open_error(directory.path()),
        OpenError::Damaged { .. }
    ));
}
