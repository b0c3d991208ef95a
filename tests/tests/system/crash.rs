//! The crash suite, short: `cargo xtask crash` runs it at length.

use smail_tests::crash::backup::{self, BackupPlan};
use smail_tests::crash::{Killed, Machine, Plan, Powerless, Tally, run};

const LEAST_ACKNOWLEDGED: u64 = 50;

fn plan(crashes: usize) -> Plan {
    Plan {
        crashes,
        senders: 4,
        work_ms: 60..400,
        seed: rand::random(),
    }
}

/// Runs, and shows what was told when something is wrong.
fn tally(machine: &mut impl Machine, plan: &Plan) -> (Tally, String) {
    let mut told = format!("{plan:?}\n");
    let tally = run(machine, plan, |line| {
        told.push_str(line);
        told.push('\n');
    });
    (
        tally.unwrap_or_else(|error| panic!("{error:#}\n{told}")),
        told,
    )
}

#[test]
fn what_was_acknowledged_survives_kills() {
    let data = tempfile::tempdir().unwrap();
    let mut machine = Killed {
        data: data.path().join("data"),
    };
    let (tally, told) = tally(&mut machine, &plan(8));
    assert!(tally.is_clean(), "{tally}\n{told}");
    assert!(
        tally.acknowledged > LEAST_ACKNOWLEDGED,
        "{tally} proves nothing"
    );
}

#[test]
fn what_was_acknowledged_survives_power_cuts() {
    let plan = plan(6);
    let mut machine = Powerless::new(plan.seed, false).unwrap();
    let (tally, told) = tally(&mut machine, &plan);
    assert!(tally.is_clean(), "{tally}\n{told}");
    assert!(
        tally.acknowledged > LEAST_ACKNOWLEDGED,
        "{tally} proves nothing"
    );
}

/// The suite finds what it is there to find.
#[test]
fn a_disk_that_only_says_it_has_synced_is_found_out() {
    let plan = plan(20);
    let mut machine = Powerless::new(plan.seed, true).unwrap();
    let (tally, told) = tally(&mut machine, &plan);
    assert!(tally.lost > 0, "{tally}\n{told}");
}

#[test]
fn a_backup_made_while_people_send_is_one_moment_of_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let plan = BackupPlan {
        gigabytes: 0.02,
        senders: 4,
        seed: rand::random(),
    };
    let mut told = format!("{plan:?}\n");
    let tally = backup::run(directory.path(), &plan, |line| {
        told.push_str(line);
        told.push('\n');
    });
    let tally = tally.unwrap_or_else(|error| panic!("{error:#}\n{told}"));
    assert!(tally.is_clean(), "{tally}\n{told}");
    assert!(
        tally.acknowledged > LEAST_ACKNOWLEDGED,
        "{tally} proves nothing"
    );
}
