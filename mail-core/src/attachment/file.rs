//! What an attachment is made of, as the program that has it gives it.

use std::future::Future;

/// A file whose octets cannot be had, or are no longer those that it began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileUnreadable;

/// A file that is read piece by piece.
pub trait FileSource {
    /// How many octets it has.
    fn size_bytes(&self) -> u64;

    /// So many octets from this place on; fewer only when the file has become shorter.
    ///
    /// # Errors
    /// [`FileUnreadable`].
    fn read(&self, at: u64, bytes: usize) -> impl Future<Output = Result<Vec<u8>, FileUnreadable>>;
}

impl<F: FileSource + ?Sized> FileSource for &F {
    fn size_bytes(&self) -> u64 {
        (**self).size_bytes()
    }

    async fn read(&self, at: u64, bytes: usize) -> Result<Vec<u8>, FileUnreadable> {
        (**self).read(at, bytes).await
    }
}

impl FileSource for [u8] {
    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }

    async fn read(&self, at: u64, bytes: usize) -> Result<Vec<u8>, FileUnreadable> {
        let at = usize::try_from(at).map_err(|_| FileUnreadable)?;
        let end = at.saturating_add(bytes).min(self.len());
        self.get(at..end).map(<[u8]>::to_vec).ok_or(FileUnreadable)
    }
}

/// How a file is to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    /// Its name; a path before it is left out.
    pub name: String,
    /// Its media type, as far as the system knows; may be empty.
    pub media_type: String,
}

/// Who watches an attachment go up or come down.
pub trait TransferWatch {
    /// So many octets of the file are done. `waiting`: the server cannot be reached just now, and is tried again.
    fn progress(&self, done_bytes: u64, waiting: bool);

    /// Whether nobody wants it any more.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl TransferWatch for () {
    fn progress(&self, _: u64, _: bool) {}
}
