//! One file: what kind it is, read piece by piece, and from where it was left.

use super::super::digest::Digest;
use super::super::fields::Fields;
use super::super::mbox::{Piece, Splitter};
use super::error::Stop;
use super::place::{Numbers, file_digest};
use super::watch::ImportWatch;
use super::{Found, Import};
use crate::attachment::FileSource;
use crate::env::Randomness;
use crate::item::to_view;
use crate::message::{MAX_MESSAGE_BYTES, ParseError};
use crate::transport::Transport;
use smail_protocol::MailboxId;

/// Octets read at a time.
const READ_BYTES: usize = 1024 * 1024;
/// Octets by which a file's kind is told.
const SNIFFED_BYTES: usize = 1024;
/// Messages after which the place is kept.
const KEEP_EVERY: u32 = 200;

/// A file that cannot be read to its end.
const UNREADABLE: (&str, &str) = (
    "file-unreadable",
    "This file could not be read to its end, or was changed meanwhile.",
);

/// Where a file is.
struct Reached {
    file: Digest,
    /// Everything before is done.
    at: u64,
    /// What there was before this file.
    before: Numbers,
    /// Messages since the place was kept.
    since_kept: u32,
}

impl<T: Transport, R: Randomness, W: ImportWatch> Import<'_, T, R, W> {
    /// Takes one file in; `before_bytes` of others are done.
    pub(super) async fn take_file<F: FileSource>(
        &mut self,
        number: u32,
        file: &F,
        before_bytes: u64,
    ) -> Result<(), Stop> {
        self.report.go_on()?;
        let sniffed = usize::try_from(file.size_bytes()).unwrap_or(SNIFFED_BYTES);
        let taken = match file.read(0, sniffed.min(SNIFFED_BYTES)).await {
            Ok(first) if is_mbox(&first) => self.take_mbox(number, file, before_bytes).await?,
            Ok(first) if begins_with_field(&first) => self.take_message(number, file).await?,
            Ok(first) => {
                self.set_aside(number, 1, &Fields::of(&first), &ParseError::NotAMessage);
                Some(())
            }
            Err(_) => None,
        };
        if taken.is_none() {
            let (code, reason) = UNREADABLE;
            self.tell_problem(number, 0, "", code, reason.to_owned());
        }
        let done = to_view(before_bytes + file.size_bytes());
        self.report.tell(|progress| progress.done_bytes = done);
        Ok(())
    }

    /// A file that is one message. `None`: it cannot be read.
    async fn take_message<F: FileSource>(
        &mut self,
        file_number: u32,
        file: &F,
    ) -> Result<Option<()>, Stop> {
        let bytes = usize::try_from(file.size_bytes()).unwrap_or(usize::MAX);
        let is_too_large = bytes > MAX_MESSAGE_BYTES;
        let Ok(octets) = file.read(0, bytes.min(MAX_MESSAGE_BYTES)).await else {
            return Ok(None);
        };
        self.take_piece(
            file_number,
            1,
            Piece {
                at: 0,
                end: file.size_bytes(),
                came_ms: None,
                octets,
                is_too_large,
            },
            false,
        )
        .await?;
        if self.is_batch_full() {
            self.bring_batch().await.map_err(|(stop, _)| stop)?;
        }
        Ok(Some(()))
    }

    /// A file of messages. `None`: it cannot be read to its end.
    async fn take_mbox<F: FileSource>(
        &mut self,
        file_number: u32,
        file: &F,
        before_bytes: u64,
    ) -> Result<Option<()>, Stop> {
        // Places are those of this file from here on.
        self.bring_batch().await.map_err(|(stop, _)| stop)?;
        let Some(mut reached) = self.begin(file, self.target).await else {
            return Ok(None);
        };
        let taken = self
            .take_pieces(file_number, file, before_bytes, &mut reached)
            .await;
        let kept = match taken {
            Ok(Some(())) => None,
            _ => Some((reached.at, self.numbers(&reached))),
        };
        // What is not kept costs time: messages that are in are seen to be here.
        drop(self.client.keep_import_place(reached.file, kept).await);
        taken
    }

    /// Where the file was left.
    async fn begin<F: FileSource>(&self, file: &F, target: MailboxId) -> Option<Reached> {
        let digest = file_digest(file, target).await?;
        let before = Numbers::of(&self.report.now());
        let place = self.client.import_place(digest);
        let at = place.map_or(0, |place| place.at);
        if let Some(place) = place {
            self.report.note(|progress| place.numbers.add_to(progress));
        }
        Some(Reached {
            file: digest,
            at,
            before,
            since_kept: 0,
        })
    }

    async fn take_pieces<F: FileSource>(
        &mut self,
        file_number: u32,
        file: &F,
        before_bytes: u64,
        reached: &mut Reached,
    ) -> Result<Option<()>, Stop> {
        let size_bytes = file.size_bytes();
        let mut splitter = Splitter::new(reached.at);
        let mut read_bytes = reached.at;
        let mut number = self.numbers(reached).sum();
        loop {
            let wanted = (size_bytes - read_bytes).min(READ_BYTES as u64);
            // Fits: no more than what is read at a time.
            let wanted = usize::try_from(wanted).unwrap_or(READ_BYTES);
            if wanted == 0 {
                splitter.end();
            } else {
                match file.read(read_bytes, wanted).await {
                    Ok(octets) if octets.len() == wanted => splitter.push(&octets),
                    _ => {
                        self.flush(before_bytes, reached).await?;
                        return Ok(None);
                    }
                }
                read_bytes += wanted as u64;
            }
            while let Some(piece) = splitter.next_piece() {
                self.report.go_on()?;
                number += 1;
                let end = piece.end;
                self.take_piece(file_number, number, piece, true).await?;
                reached.since_kept += 1;
                if self.is_batch_full() {
                    self.flush(before_bytes, reached).await?;
                } else if self.batch.is_empty() {
                    self.done(before_bytes, end, reached).await;
                }
            }
            if wanted == 0 {
                self.flush(before_bytes, reached).await?;
                return Ok(Some(()));
            }
        }
    }

    async fn take_piece(
        &mut self,
        file: u32,
        number: u32,
        piece: Piece,
        is_of_mbox: bool,
    ) -> Result<(), Stop> {
        if piece.is_too_large {
            let error = ParseError::TooLarge {
                limit_bytes: MAX_MESSAGE_BYTES,
            };
            self.set_aside(file, number, &Fields::of(&piece.octets), &error);
            return Ok(());
        }
        let found = Found {
            file,
            number,
            octets: piece.octets,
            came_ms: piece.came_ms,
            is_of_mbox,
            end: piece.end,
        };
        self.consider(found).await
    }

    /// Brings up what is waiting.
    async fn flush(&mut self, before_bytes: u64, reached: &mut Reached) -> Result<(), Stop> {
        let end = self.batch.last().map(|candidate| candidate.end);
        match (self.bring_batch().await, end) {
            (Ok(()), Some(end)) => {
                self.done(before_bytes, end, reached).await;
                Ok(())
            }
            (Ok(()), None) => Ok(()),
            (Err((stop, done)), _) => {
                reached.at = done.unwrap_or(reached.at);
                Err(stop)
            }
        }
    }

    /// Everything before this place is done.
    async fn done(&self, before_bytes: u64, end: u64, reached: &mut Reached) {
        reached.at = end;
        let done = to_view(before_bytes + end);
        self.report.tell(|progress| progress.done_bytes = done);
        if reached.since_kept >= KEEP_EVERY {
            reached.since_kept = 0;
            let kept = Some((end, self.numbers(reached)));
            // What is not kept now is kept the next time.
            drop(self.client.keep_import_place(reached.file, kept).await);
        }
    }

    /// The file's messages so far.
    fn numbers(&self, reached: &Reached) -> Numbers {
        Numbers::of(&self.report.now()).since(reached.before)
    }
}

/// Whether a file holds messages one after another, by how it begins.
fn is_mbox(first: &[u8]) -> bool {
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    first.trim_ascii_start().starts_with(b"From ")
}

/// Whether a file that is one message can be one: it begins with a header field, a name of printable characters and a
/// colon (RFC 5322, section 2.2).
fn begins_with_field(octets: &[u8]) -> bool {
    const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];
    let octets = octets.strip_prefix(BYTE_ORDER_MARK).unwrap_or(octets);
    let octets = octets.trim_ascii_start();
    let name = octets
        .iter()
        .take_while(|octet| octet.is_ascii_graphic() && **octet != b':');
    let length = name.count();
    let after = octets.get(length..).unwrap_or_default().trim_ascii_start();
    length > 0 && after.first() == Some(&b':')
}
