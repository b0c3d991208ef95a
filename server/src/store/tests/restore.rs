//! From a backup to a store again, or to a refusal that leaves everything as it was.

use super::fixture::{NOW_MS, Person, open, options, read_blob};
use crate::store::archive::ArchiveReader;
use crate::store::engine::{Direction, Entry};
use crate::store::{BackupStep, RestoreError, RestoreOptions, RestoreStep, Store, layout, restore};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A place with a store of alice's and bob's and a backup of it.
struct World {
    place: TempDir,
    alice: Person,
    bob: Person,
    entries: Vec<Entry>,
}

impl World {
    fn new() -> Self {
        let place = TempDir::new().unwrap();
        let store = open(&place.path().join("old"));
        let (alice, bob) = (
            Person::sign_up(&store, "alice", 1),
            Person::sign_up(&store, "bob", 2),
        );
        store
            .server_setup(|| b"\x0cmail.exampleSETUP".to_vec())
            .unwrap();
        store.create_session(&alice.new_session(1)).unwrap();
        alice.send(&store, 1, &[7; 1_200_000], &[&bob]);
        alice.upload(&store, b"not yet sent");
        let file = fs::File::create(place.path().join("backup")).unwrap();
        let spill = tempfile::tempfile().unwrap();
        let mut letters = 2..4;
        let meanwhile = |_: &BackupStep<'_>| {
            if let Some(n) = letters.next() {
                alice.send(&store, n, b"meanwhile", &[&bob]);
            }
            true
        };
        store.back_up(file, spill, NOW_MS, meanwhile).unwrap();
        let entries = entries(&store);
        Self {
            place,
            alice,
            bob,
            entries,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn restore(&self, file: &str, data: &str) -> Result<crate::store::RestoreReport, RestoreError> {
        restore(&self.path(file), &self.path(data), &settings(true), |_| ())
    }

    /// What is in the place, by name.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .place
            .path()
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn settings(keep_sessions: bool) -> RestoreOptions {
    RestoreOptions {
        store: options(),
        keep_sessions,
        accepts_faults: false,
    }
}

fn entries(store: &Store) -> Vec<Entry> {
    store
        .engine()
        .scan(&layout::everything(), Direction::Ascending, usize::MAX)
        .unwrap()
}

#[test]
fn everything_is_as_it_was() {
    let world = World::new();
    let mut steps = Vec::new();
    let (file, data) = (world.path("backup"), world.path("deep/new"));
    let report = restore(&file, &data, &settings(true), |step| {
        steps.push(match step {
            RestoreStep::Verifying(bytes) => ("verifying", bytes),
            RestoreStep::Writing(bytes) => ("writing", bytes),
            RestoreStep::Checking(_) => ("checking", 0),
        });
    })
    .unwrap();
    assert_eq!(report.header.domain, "mail.example");
    assert!(report.counts.batches > 2);
    let len_bytes = file.metadata().unwrap().len();
    assert!(steps.iter().all(|(_, bytes)| *bytes < len_bytes));
    steps.dedup_by_key(|(what, _)| *what);
    let order: Vec<&str> = steps.iter().map(|(what, _)| *what).collect();
    assert_eq!(order, ["verifying", "writing", "checking"]);
    let store = open(&data);
    assert!(entries(&store) == world.entries);
    let page = store
        .item_page(world.bob.account, world.bob.inbox, None, 9)
        .unwrap();
    let letter = page.items.iter().find(|item| item.size_bytes > 9);
    let letter = read_blob(&store, &world.bob, letter.unwrap().blob_id);
    assert!(letter == Some(vec![7; 1_200_000]));
    assert_eq!(world.path("deep").read_dir().unwrap().count(), 1);
}

#[test]
fn all_log_in_again_unless_it_is_said_otherwise() {
    let world = World::new();
    let data = world.path("new");
    fs::create_dir(&data).unwrap();
    restore(&world.path("backup"), &data, &settings(false), |_| ()).unwrap();
    let store = open(&data);
    let alice = world.alice.account;
    assert!(store.sessions(alice, NOW_MS).unwrap().is_empty());
    let kept: Vec<&Entry> = world
        .entries
        .iter()
        .filter(|entry| !layout::is_of_a_session(&entry.key))
        .collect();
    assert_eq!(world.entries.len() - kept.len(), 3);
    assert!(entries(&store).iter().eq(kept));
    store.create_session(&world.alice.new_session(2)).unwrap();
}

#[test]
fn a_directory_with_anything_in_it_is_left_alone() {
    let world = World::new();
    fs::create_dir(world.path("full")).unwrap();
    fs::write(world.path("full/thesis.tex"), "chapter 1").unwrap();
    for data in ["full", "old"] {
        let refusal = world.restore("backup", data).unwrap_err();
        assert!(
            matches!(refusal, RestoreError::NotEmpty { .. }),
            "{refusal}"
        );
    }
    let refusal = world.restore("backup", "backup").unwrap_err();
    assert!(matches!(refusal, RestoreError::Io { .. }), "{refusal}");
    assert_eq!(world.names(), ["backup", "full", "old"]);
}

/// Lengths at which a part of the archive ends.
fn boundaries(archive: &[u8]) -> Vec<usize> {
    let mut reader = ArchiveReader::open(archive).unwrap();
    let mut boundaries = vec![0];
    loop {
        boundaries.push(usize::try_from(reader.counts().len_bytes).unwrap());
        if reader.next_part().unwrap().is_none() {
            return boundaries;
        }
    }
}

#[test]
fn a_backup_that_is_not_whole_makes_nothing() {
    let world = World::new();
    let whole = fs::read(world.path("backup")).unwrap();
    let cuts = boundaries(&whole);
    assert!(cuts.len() > 6);
    for cut in cuts
        .into_iter()
        .flat_map(|at| [at.saturating_sub(1), at, at + 1])
    {
        if cut >= whole.len() {
            continue;
        }
        fs::write(world.path("cut"), &whole[..cut]).unwrap();
        let refusal = world.restore("cut", "new").unwrap_err();
        assert!(
            matches!(refusal, RestoreError::Archive { .. }),
            "{cut}: {refusal}"
        );
        assert_eq!(world.names(), ["backup", "cut", "old"], "{cut}");
    }
}

#[test]
fn a_flipped_bit_in_the_middle_makes_nothing() {
    let world = World::new();
    let whole = fs::read(world.path("backup")).unwrap();
    for part in 0..16 {
        let mut spoilt = whole.clone();
        spoilt[whole.len() * part / 16] ^= 1;
        fs::write(world.path("spoilt"), &spoilt).unwrap();
        assert!(world.restore("spoilt", "new").is_err());
        assert_eq!(world.names(), ["backup", "old", "spoilt"]);
    }
}

#[test]
fn a_store_that_was_not_whole_is_restored_only_when_that_is_said() {
    let world = World::new();
    let store = Store::in_memory();
    Person::sign_up(&store, "alice", 1);
    let file = fs::File::create(world.path("faulty")).unwrap();
    let spill = tempfile::tempfile().unwrap();
    store.back_up(file, spill, NOW_MS, |_| true).unwrap();
    let refusal = world.restore("faulty", "new").unwrap_err();
    assert!(
        matches!(refusal, RestoreError::Faulty { found: 1, .. }),
        "{refusal}"
    );
    assert_eq!(world.names(), ["backup", "faulty", "old"]);
    let accepting = RestoreOptions {
        accepts_faults: true,
        ..settings(false)
    };
    let (file, data) = (world.path("faulty"), world.path("new"));
    let report = restore(&file, &data, &accepting, |_| ()).unwrap();
    assert_eq!(report.faults, 1);
    assert_eq!(open(&data).check(false, |_| ()).unwrap().found, 1);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let world = World::new();
    let refusal = world.restore("nothing", "new").unwrap_err().to_string();
    let path = world.path("nothing");
    assert!(refusal.contains(path.to_str().unwrap()), "{refusal}");
    assert!(!Path::new(&world.path("new")).exists());
}

/// It could not be replaced in the end, after all the work.
#[test]
fn a_mount_point_is_refused_before_anything_is_read() {
    let world = World::new();
    let mut steps = 0;
    let restored = restore(
        &world.path("backup"),
        Path::new("/proc"),
        &settings(true),
        |_| steps += 1,
    );
    let Err(error @ RestoreError::MountPoint { .. }) = restored else {
        panic!("{restored:?}")
    };
    assert_eq!(
        error.to_string(),
        "/proc is a mount point; name a new directory in it"
    );
    assert_eq!(steps, 0);
}
