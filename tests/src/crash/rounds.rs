//! Rounds: senders work, the machine crashes at a random moment, comes up again, and is compared with the books.

use super::cast::{Actor, sign_up_all};
use super::inspect::{Inspection, inspect};
use super::sender::work;
use super::tally::Tally;
use super::verdict::{judge, settle};
use crate::luck::Luck;
use crate::server::Server;
use smail_protocol::Username;
use std::ops::Range;
use std::time::Duration;

/// One crash in so many hits a server that is still opening its data.
const STARTS_CRASHED: usize = 6;
/// When such a crash comes after the start, in ms.
const START_CRASH_MS: Range<usize> = 1..90;
/// Faults told in words; the rest is counted.
const FAULTS_TOLD: usize = 12;

/// What a server runs on, and how it is torn away.
pub trait Machine {
    /// Starts the server and waits until it listens.
    ///
    /// # Errors
    /// When it does not come up.
    fn start(&mut self) -> anyhow::Result<Server>;

    /// Tears the server away at once.
    ///
    /// # Errors
    /// What the system says.
    fn crash(&mut self, server: Server) -> anyhow::Result<()>;

    /// Starts the server and tears it away after a time, whether it listens by then or not.
    ///
    /// # Errors
    /// What the system says.
    fn crash_while_starting(&mut self, after: Duration) -> anyhow::Result<()>;

    /// Called once, when all accounts are there and before the first crash.
    fn accounts_are_made(&mut self) {}
}

/// How long and how hard.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Crashes in all, 1 or more.
    pub crashes: usize,
    /// People who send at the same time, 2 to 8.
    pub senders: usize,
    /// How long they work between two crashes, in ms: a random time of this range.
    pub work_ms: Range<usize>,
    /// Of all random choices.
    pub seed: u64,
}

/// Runs the plan. `tell` hears what happens, a line at a time. Ends early after a crash that cost something.
///
/// # Errors
/// When the suite itself cannot go on, or an answer is one that no sender should get. What is lost is in the tally.
pub fn run(
    machine: &mut impl Machine,
    plan: &Plan,
    mut tell: impl FnMut(&str),
) -> anyhow::Result<Tally> {
    let mut luck = Luck::of(plan.seed, 0, 1);
    let mut server = machine.start()?;
    let mut cast = cast(server.origin(), plan.senders)?;
    machine.accounts_are_made();
    let mut tally = Tally::default();
    let mut crashes = 0;
    while crashes < plan.crashes {
        let work_ms = luck.number(plan.work_ms.clone()) as u64;
        send_until_crash(
            machine,
            server,
            &mut cast,
            luck.seed(),
            Duration::from_millis(work_ms),
        )?;
        crashes += 1;
        while crashes < plan.crashes && luck.once_in(STARTS_CRASHED) {
            machine
                .crash_while_starting(Duration::from_millis(luck.number(START_CRASH_MS) as u64))?;
            crashes += 1;
        }
        server = match machine.start() {
            Ok(server) => server,
            Err(error) => {
                tell(&format!("crash {crashes}: {error:#}"));
                return Ok(all_is_lost(&cast));
            }
        };
        tally = verify(&server, &mut cast, |fault| {
            tell(&format!("crash {crashes}: {fault}"))
        })?;
        if !tally.is_clean() {
            break;
        }
        tell(&format!("crash {crashes} of {}: {tally}", plan.crashes));
    }
    machine.crash(server)?;
    Ok(tally)
}

/// Makes accounts for some people, who take what their clients put into them for what is known.
///
/// # Errors
/// What the server or the client says.
pub fn cast(origin: &str, count: usize) -> anyhow::Result<Vec<Actor>> {
    let mut cast = sign_up_all(origin, count)?;
    let found = inspect_all(&mut cast)?;
    settle(&mut cast, found);
    Ok(cast)
}

fn send_until_crash(
    machine: &mut impl Machine,
    server: Server,
    cast: &mut [Actor],
    seed: u64,
    after: Duration,
) -> anyhow::Result<()> {
    send_while(cast, seed, || {
        std::thread::sleep(after);
        machine.crash(server)
    })
}

/// Lets everybody send while something happens that ends it: they go on until they are refused or alone.
///
/// # Errors
/// What happens can fail, and a sender can get an answer that none should get.
pub fn send_while(
    cast: &mut [Actor],
    seed: u64,
    happens: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let names: Vec<Username> = cast.iter().map(|actor| actor.username.clone()).collect();
    let names = names.as_slice();
    std::thread::scope(|scope| {
        let senders: Vec<_> = cast
            .iter_mut()
            .map(|actor| {
                let seed = seed.wrapping_add(actor.number as u64);
                scope.spawn(move || work(actor, names, seed))
            })
            .collect();
        let happened = happens();
        for sender in senders {
            sender
                .join()
                .map_err(|_| anyhow::anyhow!("a sender panicked"))??;
        }
        happened
    })
}

/// Reads every account of a server that has been started again, compares, and takes what is there for what is known.
///
/// # Errors
/// When the server does not answer.
pub fn verify(
    server: &Server,
    cast: &mut [Actor],
    mut tell: impl FnMut(&str),
) -> anyhow::Result<Tally> {
    cast.iter_mut()
        .for_each(|actor| actor.move_to(server.origin()));
    let found = inspect_all(cast)?;
    let verdict = judge(cast, &found);
    verdict
        .faults
        .iter()
        .take(FAULTS_TOLD)
        .for_each(|fault| tell(fault));
    settle(cast, found);
    Ok(Tally {
        acknowledged: acknowledged(cast),
        ..verdict.tally
    })
}

/// Reads every account whole.
///
/// # Errors
/// When the server does not answer.
pub fn inspect_all(cast: &mut [Actor]) -> anyhow::Result<Vec<Inspection>> {
    std::thread::scope(|scope| {
        let inspections: Vec<_> = cast
            .iter_mut()
            .map(|actor| scope.spawn(move || inspect(actor)))
            .collect();
        inspections
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .map_err(|_| anyhow::anyhow!("an inspection panicked"))?
            })
            .collect()
    })
}

fn acknowledged(cast: &[Actor]) -> u64 {
    cast.iter().map(|actor| actor.book.acknowledged).sum()
}

/// What a server that does not come up has lost: all that was known.
fn all_is_lost(cast: &[Actor]) -> Tally {
    let known = |actor: &Actor| {
        actor.book.items.known.len() + actor.book.states.known.len() + actor.book.uploads.len()
    };
    Tally {
        acknowledged: acknowledged(cast),
        lost: cast.iter().map(known).sum::<usize>() as u64,
        ..Tally::default()
    }
}
