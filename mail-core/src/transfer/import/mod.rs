//! Taking mail in: files are read piece by piece, each message is compared with what is here, encrypted to this account
//! alone and filed. Some go up at a time; a server that cannot be reached is waited for, one that has no room ends it.
//! What cannot be taken in is set aside, with the reason.

mod error;
mod file;
mod known;
mod labels;
mod one;
mod place;
mod watch;

pub use error::ImportError;
pub use watch::ImportWatch;

use super::digest::Digest;
use super::fields::Fields;
use super::flags::Flags;
use super::mbox::{with_crlf, without_filing};
use crate::attachment::FileSource;
use crate::client::Client;
use crate::env::Randomness;
use crate::folders::FolderMap;
use crate::item::{ItemContent, to_view};
use crate::message::{ParseError, ellipsis, neutral_text, parse};
use crate::transport::Transport;
use crate::views::{ImportOptions, ImportOutcome, ImportPhase, ImportProblem};
use error::Stop;
use futures_util::future::join_all;
use known::KnownMessages;
use labels::LabelIds;
use one::{Candidate, Failure, arrived_ms};
use smail_protocol::{BlobId, MailboxId};
use watch::Report;

/// Messages under way at a time.
const AT_A_TIME: usize = 8;
/// Octets of messages under way at a time, unless one alone is larger.
const BYTES_AT_A_TIME: usize = 8 * 1024 * 1024;
/// Most messages that are told of one by one.
const MAX_PROBLEMS: usize = 200;
/// Longest subject told of, in characters.
const MAX_SUBJECT_CHARS: usize = 120;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes files in: mbox, or one message each. Files that were given before go on where they were.
    ///
    /// # Errors
    /// [`ImportError`], before anything is taken in. What ends it later is told in the outcome.
    pub async fn import<F: FileSource>(
        &self,
        files: &[F],
        options: &ImportOptions,
        watch: &impl ImportWatch,
    ) -> Result<ImportOutcome, ImportError> {
        let target: MailboxId = options.folder_id.parse()?;
        let map = self.folder_map().await?;
        if !map.contains(target) {
            return Err(ImportError::FolderGone);
        }
        let total_bytes = files.iter().map(FileSource::size_bytes).sum();
        let mut import = Import {
            client: self,
            target,
            map,
            gmail_labels: options.gmail_labels,
            report: Report::new(watch, to_view(total_bytes)),
            known: KnownMessages::default(),
            labels: LabelIds::default(),
            batch: Vec::new(),
            problems: Vec::new(),
        };
        let stopped = import.run(files).await.err();
        Ok(ImportOutcome {
            reached: import.report.now(),
            problems: import.problems,
            stopped: stopped.map(|stop| stop.view()),
        })
    }
}

/// Files on their way in.
struct Import<'a, T, R, W> {
    client: &'a Client<T, R>,
    target: MailboxId,
    map: FolderMap,
    gmail_labels: bool,
    report: Report<'a, W>,
    known: KnownMessages,
    labels: LabelIds,
    /// Messages that go up together.
    batch: Vec<Candidate>,
    problems: Vec<ImportProblem>,
}

/// A message as it lies in its file.
struct Found {
    file: u32,
    /// The how-manieth of the file, from 1.
    number: u32,
    octets: Vec<u8>,
    came_ms: Option<u64>,
    is_of_mbox: bool,
    /// Where its file is done once it is in.
    end: u64,
}

impl<T: Transport, R: Randomness, W: ImportWatch> Import<'_, T, R, W> {
    async fn run<F: FileSource>(&mut self, files: &[F]) -> Result<(), Stop> {
        self.report.tell(|_| {});
        self.known = self.client.known_messages(&self.report).await?;
        self.report
            .tell(|progress| progress.phase = ImportPhase::Bringing);
        let mut before_bytes = 0;
        for (number, file) in (0..).zip(files) {
            self.take_file(number, file, before_bytes).await?;
            before_bytes += file.size_bytes();
        }
        self.bring_batch().await.map_err(|(stop, _)| stop)?;
        self.report
            .tell(|progress| progress.done_bytes = progress.total_bytes);
        Ok(())
    }

    /// Compares a message with what is here, and puts it among those that go up next.
    async fn consider(&mut self, found: Found) -> Result<(), Stop> {
        let fields = Fields::of(&found.octets);
        let flags = Flags::of(&fields);
        let octets = if found.is_of_mbox {
            without_filing(found.octets)
        } else {
            found.octets
        };
        let octets = with_crlf(octets);
        if flags.deleted {
            self.report.note(|progress| progress.deleted += 1);
            return Ok(());
        }
        let message = match parse(&octets) {
            Ok(message) => message,
            Err(error) => {
                self.set_aside(found.file, found.number, &fields, &error);
                return Ok(());
            }
        };
        let digest = Digest::of(&octets, &fields);
        if self.known.meet(&message, digest) {
            self.report.note(|progress| progress.duplicates += 1);
            return Ok(());
        }
        let now_ms = self.client.env.now_ms();
        let (_, mut message) = self.client.look_inside(&octets, message);
        message.settle_date(now_ms / 1_000);
        // Nobody has judged who wrote it. Its blob is not known yet.
        let blob_id = BlobId::from_sha256([0; 32]);
        let mut content = ItemContent::of_message(blob_id, &message, None);
        (content.unread, content.starred) = (flags.unread, flags.starred);
        content.arrived_ms = Some(arrived_ms(&fields, &message, found.came_ms, now_ms));
        content.digest = Some(digest);
        let mut mailbox = self.target;
        if self.gmail_labels {
            let labels = self.labels.of(self.client, &flags.gmail_labels).await;
            content.labels = labels.map_err(|error| Stop::by(&error))?;
            let role = labels::role(&flags.gmail_labels);
            mailbox = role
                .and_then(|role| self.map.mailbox(role))
                .unwrap_or(mailbox);
        }
        self.batch.push(Candidate {
            number: found.number,
            file: found.file,
            end: found.end,
            octets,
            message,
            mailbox,
            content,
        });
        Ok(())
    }

    /// Whether those that go up together are enough.
    fn is_batch_full(&self) -> bool {
        let bytes: usize = self.batch.iter().map(|it| it.octets.len()).sum();
        self.batch.len() >= AT_A_TIME || bytes >= BYTES_AT_A_TIME
    }

    /// Brings the next messages up. With what stops it comes the end of the last message before which all are done, if
    /// there is one.
    async fn bring_batch(&mut self) -> Result<(), (Stop, Option<u64>)> {
        let batch = std::mem::take(&mut self.batch);
        let brought = batch
            .iter()
            .map(|candidate| self.client.bring_one(candidate, &self.report));
        let outcomes = join_all(brought).await;
        let mut stopped = None;
        let mut done = None;
        for (candidate, outcome) in batch.iter().zip(outcomes) {
            match outcome {
                Ok(()) => self.report.note(|progress| progress.imported += 1),
                Err(Failure::Aside { code, reason }) => {
                    let subject = &candidate.content.subject;
                    self.tell_problem(candidate.file, candidate.number, subject, code, reason);
                }
                Err(Failure::Stop(stop)) => {
                    stopped.get_or_insert(stop);
                }
            }
            if stopped.is_none() {
                done = Some(candidate.end);
            }
        }
        stopped.map_or(Ok(()), |stop| Err((stop, done)))
    }

    fn set_aside(&mut self, file: u32, number: u32, fields: &Fields, error: &ParseError) {
        let subject = fields.text("subject").unwrap_or_default();
        let start: String = subject.chars().take(4 * MAX_SUBJECT_CHARS).collect();
        let subject = neutral_text(&start);
        self.tell_problem(file, number, &subject, error.code(), error.to_string());
    }

    fn tell_problem(
        &mut self,
        file: u32,
        number: u32,
        subject: &str,
        code: &'static str,
        reason: String,
    ) {
        self.report.note(|progress| progress.set_aside += 1);
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(ImportProblem {
                file,
                number,
                subject: ellipsis(subject, MAX_SUBJECT_CHARS),
                code: code.to_owned(),
                reason,
            });
        }
    }
}
