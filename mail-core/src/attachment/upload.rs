//! An attachment goes up: read, sealed and cut into blobs as it is read, one after the other. Of the file some megabytes
//! are in memory, whatever its size. When the server cannot be reached, the piece that is under way is tried again until
//! it can, and what is there already is not sent again.

use super::TransferError;
use super::cut_off::{CutOff, file_name, media_type};
use super::file::{FileSource, NewAttachment, TransferWatch};
use crate::blob::BlobError;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::{AeadJob, AeadWork, Transport};
use crate::views::DraftAttachment;
use sha2::{Digest as _, Sha256};
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{SealingStream, SessionKey, Written};
use smail_protocol::BlobId;
use std::sync::Arc;

/// Octets of the file that are read and sealed in one go.
const READ_BYTES: usize = 2 * 1024 * 1024;
/// Octets of each piece but the last: what a lost connection costs.
const PIECE_BYTES: usize = 4 * 1024 * 1024;
/// Wait before a piece is tried again, beyond what each call tries by itself.
const RETRY_MS: u32 = 2_000;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Seals a file and brings it up. What comes back goes into a draft; a draft that is not saved within 24 hours
    /// loses it.
    ///
    /// # Errors
    /// [`TransferError`]; nothing of the file is left on the server then.
    pub async fn attach<F: FileSource + ?Sized>(
        &self,
        file: &F,
        new: &NewAttachment,
        watch: &impl TransferWatch,
    ) -> Result<DraftAttachment, TransferError> {
        let limit_bytes = self
            .env
            .server_info()
            .await
            .map_err(TransferError::Server)?
            .max_attachment_bytes;
        match file.size_bytes() {
            0 => return Err(TransferError::Empty),
            size if size > limit_bytes => return Err(TransferError::TooLarge { limit_bytes }),
            _ => {}
        }
        let session_key = self.env.with_rng(SessionKey::make);
        let mut upload = Upload {
            client: self,
            watch,
            stream: self
                .env
                .with_rng(|rng| SealingStream::under(&session_key, rng)),
            sha256: Sha256::new(),
            ready: Vec::new(),
            read_bytes: 0,
            blobs: Vec::new(),
        };
        match upload.run(file).await {
            Ok(sha256) => {
                let cut_off = CutOff {
                    name: file_name(&new.name),
                    media_type: media_type(&new.media_type),
                    size_bytes: file.size_bytes(),
                    sha256,
                    session_key: Arc::new(session_key),
                    blobs: upload.blobs,
                };
                self.attachment_view(&cut_off)
            }
            Err(error) => {
                self.abandon(&upload.blobs).await;
                Err(error)
            }
        }
    }

    /// Gives up an attachment that no draft or message names. What one names stays.
    ///
    /// # Errors
    /// [`TransferError::UnknownHandle`] alone: what cannot be given up now, the server gives up by itself.
    pub async fn detach(&self, attachment: &DraftAttachment) -> Result<(), TransferError> {
        let cut_off = self.attachment_of(attachment)?;
        self.abandon(&cut_off.blobs).await;
        Ok(())
    }

    async fn abandon(&self, blobs: &[BlobId]) {
        for blob in blobs {
            // What is not given up now the server gives up by itself after a day.
            if self.env.blob_abandon(*blob).await.is_err() {
                return;
            }
        }
    }
}

/// An upload under way.
struct Upload<'a, T, R, W> {
    client: &'a Client<T, R>,
    watch: &'a W,
    stream: SealingStream<Vec<u8>>,
    sha256: Sha256,
    /// Ciphertext that is in no piece yet.
    ready: Vec<u8>,
    read_bytes: u64,
    /// The pieces that are up.
    blobs: Vec<BlobId>,
}

impl<T: Transport, R: Randomness, W: TransferWatch> Upload<'_, T, R, W> {
    /// Everything; gives the file's SHA-256.
    async fn run<F: FileSource + ?Sized>(&mut self, file: &F) -> Result<[u8; 32], TransferError> {
        let size_bytes = file.size_bytes();
        while self.read_bytes < size_bytes {
            self.go_on()?;
            let wanted = (size_bytes - self.read_bytes).min(READ_BYTES as u64);
            // Fits: no more than what is read in one go.
            let wanted = usize::try_from(wanted).unwrap_or(READ_BYTES);
            let octets = file.read(self.read_bytes, wanted).await;
            let octets = octets
                .map(Plaintext::new)
                .map_err(|_| TransferError::Unreadable)?;
            if octets.len() != wanted {
                return Err(TransferError::Unreadable);
            }
            self.sha256.update(&octets[..]);
            self.stream.push(&octets[..]);
            self.seal().await?;
            self.read_bytes += wanted as u64;
            while self.ready.len() >= PIECE_BYTES {
                let rest = self.ready.split_off(PIECE_BYTES);
                let piece = std::mem::replace(&mut self.ready, rest);
                self.bring_up(piece).await?;
            }
            self.watch.progress(self.done_bytes(), false);
        }
        self.stream.end().map_err(|_| TransferError::Seal)?;
        self.seal().await?;
        let last = std::mem::take(&mut self.ready);
        for piece in last.chunks(PIECE_BYTES) {
            self.bring_up(piece.to_vec()).await?;
        }
        self.watch.progress(size_bytes, false);
        Ok(std::mem::take(&mut self.sha256).finalize().into())
    }

    fn go_on(&self) -> Result<(), TransferError> {
        if self.watch.is_cancelled() {
            Err(TransferError::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Seals what was read.
    async fn seal(&mut self) -> Result<(), TransferError> {
        let mut jobs = Vec::new();
        while let Some(call) = self.stream.next_call() {
            jobs.push(AeadJob::new(call, self.stream.input()));
        }
        if jobs.is_empty() {
            return Ok(());
        }
        let transport = self.client.env.transport();
        let outputs = transport
            .aead(self.stream.cipher(), AeadWork::Seal, jobs)
            .await;
        let mut outputs = outputs.ok_or(TransferError::Seal)?.into_iter().peekable();
        while let Some(output) = outputs.next() {
            let is_last = self.stream.is_counted() && outputs.peek().is_none();
            self.stream.sealed(output.to_vec(), is_last);
        }
        for written in self.stream.take_output() {
            match written {
                Written::Frame(octets) | Written::Sealed(octets) => self.ready.extend(octets),
            }
        }
        Ok(())
    }

    /// How much of the file is up, as near as it matters.
    fn done_bytes(&self) -> u64 {
        ((self.blobs.len() * PIECE_BYTES) as u64).min(self.read_bytes)
    }

    /// Brings a piece up, however often the server has to be tried.
    async fn bring_up(&mut self, piece: Vec<u8>) -> Result<(), TransferError> {
        loop {
            self.go_on()?;
            match self.client.store_blob(piece.clone()).await {
                Ok(blob) => {
                    self.blobs.push(blob);
                    return Ok(());
                }
                Err(BlobError::Server(error)) if error.is_passing() => {
                    self.watch.progress(self.done_bytes(), true);
                    self.client.env.transport().sleep(RETRY_MS).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
