//! The modes that chunks are sealed in (RFC 9580, section 5.13.2), by whoever made them.

use crate::ocb::{self, OcbBlocks};
use crate::plaintext::Plaintext;
use aes::cipher::consts::{U12, U16};
use aes::cipher::{BlockCipher, BlockDecrypt, BlockEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInPlace;
use aes_gcm::aead::generic_array::GenericArray;
use eax::Eax;
use std::fmt;

/// Length of each mode's tag, in bytes.
pub const TAG_BYTES: usize = 16;

/// How a chunk is sealed, and shows that it was altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// AES-GCM.
    Gcm,
    /// AES-OCB (RFC 7253).
    Ocb,
    /// AES-EAX.
    Eax,
}

/// What a chunk is sealed with.
#[derive(Clone, Copy)]
pub struct Sealed<'a> {
    /// The mode.
    pub mode: Mode,
    /// The AES key. Secret.
    pub key: &'a [u8],
    /// The nonce.
    pub nonce: &'a [u8],
    /// The associated data.
    pub associated_data: &'a [u8],
}

/// Something that does not fit its tag, a key of another length, or more than the mode takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

impl Mode {
    /// Length of its nonce, in bytes.
    #[must_use]
    pub const fn nonce_bytes(self) -> usize {
        match self {
            Self::Gcm => 12,
            Self::Ocb => ocb::NONCE_BYTES,
            Self::Eax => 16,
        }
    }

    /// The longest chunk that can be opened here.
    #[must_use]
    pub const fn most_bytes(self) -> usize {
        match self {
            Self::Ocb => ocb::MOST_BYTES,
            Self::Gcm | Self::Eax => usize::MAX,
        }
    }
}

impl fmt::Debug for Sealed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({:?}, ..)", self.mode)
    }
}

impl Sealed<'_> {
    /// Appends what is in a chunk with its tag, or nothing.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn open(self, sealed: &[u8], into: &mut Vec<u8>) -> Result<(), Refused> {
        let (chunk, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(Refused)?;
        self.in_place(chunk, into, |room| match self.key.len() {
            16 => self.open_by::<Aes128>(room, chunk, tag),
            24 => self.open_by::<Aes192>(room, chunk, tag),
            32 => self.open_by::<Aes256>(room, chunk, tag),
            _ => Err(Refused),
        })
    }

    /// Appends a chunk with its tag, or nothing.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn seal(self, plaintext: &[u8], into: &mut Vec<u8>) -> Result<(), Refused> {
        let mut tag = [0; TAG_BYTES];
        self.in_place(plaintext, into, |room| {
            tag = match self.key.len() {
                16 => self.seal_by::<Aes128>(room)?,
                24 => self.seal_by::<Aes192>(room)?,
                32 => self.seal_by::<Aes256>(room)?,
                _ => return Err(Refused),
            };
            Ok(())
        })?;
        into.extend_from_slice(&tag);
        Ok(())
    }

    /// Opens a chunk with its tag, in OCB, by what AES-CBC gave for its blocks; appends what is in it, or nothing.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn open_blocks(
        self,
        sealed: &[u8],
        blocks: &OcbBlocks,
        deciphered: Plaintext,
        into: &mut Vec<u8>,
    ) -> Result<(), Refused> {
        let (chunk, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(Refused)?;
        self.in_place(chunk, into, |room| blocks.open(self, room, tag, deciphered))
    }

    /// Appends a copy of the input, and what is made of it, or nothing.
    fn in_place(
        self,
        input: &[u8],
        into: &mut Vec<u8>,
        work: impl FnOnce(&mut [u8]) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        if self.nonce.len() != self.mode.nonce_bytes() || input.len() > self.mode.most_bytes() {
            return Err(Refused);
        }
        let at = into.len();
        into.extend_from_slice(input);
        let room = into.get_mut(at..).unwrap_or_default();
        let done = work(room);
        if done.is_err() {
            // In some modes what does not fit is deciphered before that is known.
            room.fill(0);
            into.truncate(at);
        }
        done
    }

    fn open_by<C: Aes>(
        self,
        room: &mut [u8],
        chunk: &[u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<(), Refused> {
        match self.mode {
            Mode::Gcm => self.open_with(&self.cipher::<AesGcm<C, U12>>()?, room, tag),
            Mode::Eax => self.open_with(&self.cipher::<Eax<C>>()?, room, tag),
            Mode::Ocb => ocb::open::<C>(self, room, chunk, tag),
        }
    }

    fn seal_by<C: Aes>(self, room: &mut [u8]) -> Result<[u8; TAG_BYTES], Refused> {
        match self.mode {
            Mode::Gcm => self.seal_with(&self.cipher::<AesGcm<C, U12>>()?, room),
            Mode::Eax => self.seal_with(&self.cipher::<Eax<C>>()?, room),
            Mode::Ocb => self.seal_with(&self.cipher::<ocb::Ocb<C>>()?, room),
        }
    }

    fn cipher<A: KeyInit>(self) -> Result<A, Refused> {
        A::new_from_slice(self.key).map_err(|_| Refused)
    }

    pub(crate) fn open_with<A: AeadInPlace<TagSize = U16>>(
        self,
        cipher: &A,
        room: &mut [u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<(), Refused> {
        let (nonce, tag) = (
            GenericArray::from_slice(self.nonce),
            GenericArray::from_slice(tag),
        );
        cipher
            .decrypt_in_place_detached(nonce, self.associated_data, room, tag)
            .map_err(|_| Refused)
    }

    fn seal_with<A: AeadInPlace<TagSize = U16>>(
        self,
        cipher: &A,
        room: &mut [u8],
    ) -> Result<[u8; TAG_BYTES], Refused> {
        let nonce = GenericArray::from_slice(self.nonce);
        cipher
            .encrypt_in_place_detached(nonce, self.associated_data, room)
            .map(Into::into)
            .map_err(|_| Refused)
    }
}

/// AES with a key of any length.
pub(crate) trait Aes:
    BlockCipher + BlockSizeUser<BlockSize = U16> + BlockEncrypt + BlockDecrypt + KeyInit + Clone
{
}

impl<C> Aes for C where
    C: BlockCipher + BlockSizeUser<BlockSize = U16> + BlockEncrypt + BlockDecrypt + KeyInit + Clone
{
}
