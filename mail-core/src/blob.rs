//! Blobs up and down, checked against their name: a blob's id is its SHA-256, so that no other can stand in for it.

use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use sha2::{Digest as _, Sha256};
use smail_protocol::BlobId;
use smail_protocol::limits::MAX_BLOB_BYTES;

/// Why a blob is not there.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The server's part failed.
    #[error(transparent)]
    Server(#[from] ApiError),
    /// What came is not what was asked for: damaged, cut off, or another blob.
    #[error(
        "The server gave something else than this message: it was damaged, cut off or exchanged. It is not shown."
    )]
    Altered,
    /// Larger than a blob may be.
    #[error("This is too large: at most {} MB can be kept in one message.", .limit_bytes / 1_000_000)]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
}

impl BlobError {
    /// Stable word for this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::Altered => "blob-altered",
            Self::TooLarge { .. } => "too-large",
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The id of a blob with this content.
    pub(crate) async fn blob_id(&self, octets: &[u8]) -> BlobId {
        let digest = self.env.transport().sha256(octets).await;
        BlobId::from_sha256(digest.unwrap_or_else(|| Sha256::digest(octets).into()))
    }

    /// Downloads a blob and checks that it is the one that was asked for.
    pub(crate) async fn fetch_blob(&self, id: BlobId) -> Result<Vec<u8>, BlobError> {
        let octets = self.env.blob_download(id).await?;
        if self.blob_id(&octets).await == id {
            Ok(octets)
        } else {
            Err(BlobError::Altered)
        }
    }

    /// Uploads a blob and checks that the server has what was sent.
    pub(crate) async fn store_blob(&self, octets: Vec<u8>) -> Result<BlobId, BlobError> {
        if octets.len() as u64 > MAX_BLOB_BYTES {
            return Err(BlobError::TooLarge {
                limit_bytes: MAX_BLOB_BYTES,
            });
        }
        let id = self.blob_id(&octets).await;
        let receipt = self.env.blob_upload(octets).await?;
        if receipt.blob_id == id {
            Ok(id)
        } else {
            Err(BlobError::Altered)
        }
    }
}
