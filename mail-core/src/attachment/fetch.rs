//! An attachment comes down: piece by piece, each checked against its name, opened chunk by chunk, and at the end
//! compared with the SHA-256 that the signed message names.

use super::TransferError;
use super::cut_off::CutOff;
use super::file::TransferWatch;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::{AeadJob, AeadWork, Transport};
use crate::views::DraftAttachment;
use sha2::{Digest as _, Sha256};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::Limits;
use smail_crypto_core::openpgp::bulk::OpeningStream;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Fetches an attachment and hands its octets over as they are opened. **They are not to be given to anybody
    /// before this has succeeded**: only then it is known that they are all, and those that the message names.
    ///
    /// # Errors
    /// [`TransferError`].
    pub async fn fetch_attachment(
        &self,
        attachment: &DraftAttachment,
        watch: &impl TransferWatch,
        take: impl FnMut(&[u8]),
    ) -> Result<(), TransferError> {
        let cut_off = self.attachment_of(attachment)?;
        self.fetch_cut_off(&cut_off, watch, take).await
    }

    /// As [`Client::fetch_attachment`], of what a message names.
    pub(crate) async fn fetch_cut_off(
        &self,
        cut_off: &CutOff,
        watch: &impl TransferWatch,
        take: impl FnMut(&[u8]),
    ) -> Result<(), TransferError> {
        let mut fetch = Fetch {
            client: self,
            stream: OpeningStream::under(cut_off.session_key.again(), &Limits::DEFAULT),
            sha256: Sha256::new(),
            opened_bytes: 0,
            size_bytes: cut_off.size_bytes,
            take,
        };
        for blob in &cut_off.blobs {
            if watch.is_cancelled() {
                return Err(TransferError::Cancelled);
            }
            let piece = self.fetch_blob(*blob).await?;
            fetch.stream.push(&piece[..]).map_err(altered)?;
            fetch.open().await?;
            watch.progress(fetch.opened_bytes, false);
        }
        fetch.stream.end().map_err(altered)?;
        fetch.open().await?;
        fetch.finish(&cut_off.sha256)
    }
}

/// A download under way.
struct Fetch<'a, T, R, F> {
    client: &'a Client<T, R>,
    stream: OpeningStream,
    sha256: Sha256,
    opened_bytes: u64,
    size_bytes: u64,
    take: F,
}

impl<T: Transport, R: Randomness, F: FnMut(&[u8])> Fetch<'_, T, R, F> {
    /// Opens what has come.
    async fn open(&mut self) -> Result<(), TransferError> {
        loop {
            let mut jobs = Vec::new();
            while let Some(call) = self.stream.next_call().map_err(altered)? {
                jobs.push(AeadJob::new(call, self.stream.input()));
            }
            let (false, Some(cipher)) = (jobs.is_empty(), self.stream.cipher()) else {
                return Ok(());
            };
            let transport = self.client.env.transport();
            let outputs = transport.aead(cipher, AeadWork::Open, jobs).await;
            for output in outputs.ok_or(TransferError::Altered)? {
                let mut ranges = Vec::new();
                self.stream
                    .opened(&output[..], |range| ranges.push(range))
                    .map_err(altered)?;
                for range in ranges {
                    self.hand_over(output.get(range).unwrap_or_default())?;
                }
            }
        }
    }

    /// No more than the message says that there is.
    fn hand_over(&mut self, octets: &[u8]) -> Result<(), TransferError> {
        self.opened_bytes += octets.len() as u64;
        if self.opened_bytes > self.size_bytes {
            return Err(TransferError::Altered);
        }
        self.sha256.update(octets);
        (self.take)(octets);
        Ok(())
    }

    fn finish(self, sha256: &[u8; 32]) -> Result<(), TransferError> {
        let now = UnixSeconds::from_ms(self.client.env.now_ms());
        self.stream.finish(&[], now).map_err(altered)?;
        let is_whole =
            self.opened_bytes == self.size_bytes && self.sha256.finalize()[..] == sha256[..];
        is_whole.then_some(()).ok_or(TransferError::Altered)
    }
}

fn altered<E>(_: E) -> TransferError {
    TransferError::Altered
}
