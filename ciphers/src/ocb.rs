//! OCB (RFC 7253) with many blocks deciphered at a time. `ocb3` asks its cipher for one block after the other, while AES
//! without instructions of the processor's own takes as long for one as for several, and the platform can be asked for a
//! whole chunk alone.
//!
//! Which blocks are to be deciphered follows from the chunk and the nonce, not from what other blocks come to. So each
//! chunk is gone through twice: `ocb3` with a cipher that takes down what it is asked for, and then with one that gives
//! back the answers. The mode is the library's, and so is the check of the tag, at the end of the second pass.

use crate::aead::{Aes, Mode, Refused, Sealed, TAG_BYTES};
use crate::plaintext::Plaintext;
use aes::cipher::consts::{U1, U15, U16};
use aes::cipher::inout::{InOut, InOutBuf};
use aes::cipher::{
    Block, BlockBackend, BlockCipher, BlockClosure, BlockDecrypt, BlockEncrypt, BlockSizeUser,
    ParBlocksSizeUser,
};
use aes::{Aes128, Aes256};
use ocb3::Ocb3;
use std::cell::RefCell;

/// Length of the nonce, in bytes.
pub(crate) const NONCE_BYTES: usize = 15;
/// The longest chunk that `ocb3` takes: not quite 1 MiB where memory is addressed in 32 bits. It refuses what is longer
/// than its own limit by a panic, and of that length too, for which its table is one entry short.
pub(crate) const MOST_BYTES: usize = ocb3::C_MAX - 1;
const BLOCK_BYTES: usize = 16;
/// What a plaintext of whole blocks has behind it in AES-CBC (PKCS #7).
const PADDING: [u8; BLOCK_BYTES] = [16; BLOCK_BYTES];

/// OCB as OpenPGP has it.
pub(crate) type Ocb<C> = Ocb3<C, U15, U16>;

/// Deciphers a chunk, of which `room` is a copy.
pub(crate) fn open<C: Aes>(
    sealed: Sealed<'_>,
    room: &mut [u8],
    chunk: &[u8],
    tag: &[u8; TAG_BYTES],
) -> Result<(), Refused> {
    let cipher = C::new_from_slice(sealed.key).map_err(|_| Refused)?;
    let mut blocks = asked_for(sealed, &cipher, room);
    room.copy_from_slice(chunk);
    let (whole, _) = InOutBuf::from(blocks.as_mut_slice()).into_chunks();
    cipher.decrypt_blocks_inout(whole);
    answered(sealed, &cipher, room, tag, blocks)
}

/// A chunk's blocks, for the platform: it has AES by itself in no mode but this. In AES-CBC each block is deciphered and
/// combined with the one before it, which is known, and is taken off again.
pub struct OcbBlocks {
    ciphered: Plaintext,
}

impl OcbBlocks {
    /// Of a chunk with its tag. `None`: not OCB, or nothing that the platform could decipher.
    #[must_use]
    pub fn of(sealed: Sealed<'_>, octets: &[u8]) -> Option<Self> {
        let (chunk, _) = octets.split_last_chunk::<TAG_BYTES>()?;
        let is_for_this = sealed.mode == Mode::Ocb && sealed.nonce.len() == NONCE_BYTES;
        if !is_for_this || !(BLOCK_BYTES..=MOST_BYTES).contains(&chunk.len()) {
            return None;
        }
        match sealed.key.len() {
            16 => Self::by::<Aes128>(sealed, chunk),
            32 => Self::by::<Aes256>(sealed, chunk),
            _ => None,
        }
    }

    fn by<C: Aes>(sealed: Sealed<'_>, chunk: &[u8]) -> Option<Self> {
        let cipher = C::new_from_slice(sealed.key).ok()?;
        let mut ciphered = asked_for(sealed, &cipher, &mut Plaintext::new(chunk.to_vec()));
        // AES-CBC refuses what does not end in padding.
        let mut padding = Block::<C>::from(PADDING);
        let last = ciphered.last_chunk::<BLOCK_BYTES>()?;
        padding
            .iter_mut()
            .zip(last)
            .for_each(|(to, from)| *to ^= from);
        cipher.encrypt_block(&mut padding);
        ciphered.extend_from_slice(&padding);
        Some(Self { ciphered })
    }

    /// What AES-CBC is to decrypt, with an initialization vector of zeros.
    #[must_use]
    pub fn cbc_input(&self) -> &[u8] {
        &self.ciphered
    }

    /// Deciphers a chunk, of which `room` is a copy, by what AES-CBC gave.
    pub(crate) fn open(
        &self,
        sealed: Sealed<'_>,
        room: &mut [u8],
        tag: &[u8; TAG_BYTES],
        mut deciphered: Plaintext,
    ) -> Result<(), Refused> {
        if deciphered.len() + BLOCK_BYTES != self.ciphered.len() {
            return Err(Refused);
        }
        let behind_the_first = deciphered.get_mut(BLOCK_BYTES..).unwrap_or_default();
        combine(behind_the_first, &self.ciphered);
        match sealed.key.len() {
            16 => Self::open_by::<Aes128>(sealed, room, tag, deciphered),
            32 => Self::open_by::<Aes256>(sealed, room, tag, deciphered),
            _ => Err(Refused),
        }
    }

    fn open_by<C: Aes>(
        sealed: Sealed<'_>,
        room: &mut [u8],
        tag: &[u8; TAG_BYTES],
        deciphered: Plaintext,
    ) -> Result<(), Refused> {
        let cipher = C::new_from_slice(sealed.key).map_err(|_| Refused)?;
        answered(sealed, &cipher, room, tag, deciphered)
    }
}

impl std::fmt::Debug for OcbBlocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OcbBlocks(..)")
    }
}

/// The first pass: the blocks that are to be deciphered, in order. Leaves nothing of use in `scratch`.
fn asked_for<C: Aes>(sealed: Sealed<'_>, cipher: &C, scratch: &mut [u8]) -> Plaintext {
    let blocks = RefCell::new(Answers {
        // And one for padding.
        octets: Plaintext::new(Vec::with_capacity(scratch.len() + BLOCK_BYTES)),
        given: None,
    });
    let mode = Ocb::from(Asking {
        cipher,
        blocks: &blocks,
    });
    // Nothing was deciphered, so that no tag fits.
    let _ = sealed.open_with(&mode, scratch, &[0; TAG_BYTES]);
    blocks.into_inner().octets
}

/// The second pass, with the blocks deciphered.
fn answered<C: Aes>(
    sealed: Sealed<'_>,
    cipher: &C,
    room: &mut [u8],
    tag: &[u8; TAG_BYTES],
    deciphered: Plaintext,
) -> Result<(), Refused> {
    let blocks = RefCell::new(Answers {
        octets: deciphered,
        given: Some(0),
    });
    let mode = Ocb::from(Asking {
        cipher,
        blocks: &blocks,
    });
    sealed.open_with(&mode, room, tag)
}

fn combine(octets: &mut [u8], with: &[u8]) {
    let (octets, _) = octets.as_chunks_mut::<8>();
    let (with, _) = with.as_chunks::<8>();
    for (to, from) in octets.iter_mut().zip(with) {
        *to = (u64::from_ne_bytes(*to) ^ u64::from_ne_bytes(*from)).to_ne_bytes();
    }
}

/// A cipher that enciphers, and has others decipher.
struct Asking<'a, C> {
    cipher: &'a C,
    blocks: &'a RefCell<Answers>,
}

/// Blocks on their way to be deciphered, or back.
struct Answers {
    octets: Plaintext,
    /// How many octets were given back; `None` in the first pass.
    given: Option<usize>,
}

impl<C: Aes> BlockSizeUser for Asking<'_, C> {
    type BlockSize = U16;
}

impl<C: Aes> BlockCipher for Asking<'_, C> {}

impl<C: Aes> BlockEncrypt for Asking<'_, C> {
    fn encrypt_with_backend(&self, f: impl BlockClosure<BlockSize = U16>) {
        self.cipher.encrypt_with_backend(f);
    }
}

impl<C: Aes> BlockDecrypt for Asking<'_, C> {
    #[inline]
    fn decrypt_with_backend(&self, f: impl BlockClosure<BlockSize = U16>) {
        f.call(&mut *self.blocks.borrow_mut());
    }
}

impl BlockSizeUser for Answers {
    type BlockSize = U16;
}

impl ParBlocksSizeUser for Answers {
    type ParBlocksSize = U1;
}

impl BlockBackend for Answers {
    #[inline]
    fn proc_block(&mut self, mut block: InOut<'_, '_, Block<Self>>) {
        match &mut self.given {
            None => self.octets.extend_from_slice(block.get_in()),
            Some(given) => {
                let end = *given + BLOCK_BYTES;
                if let Some(answer) = self.octets.get(*given..end) {
                    block.get_out().copy_from_slice(answer);
                }
                *given = end;
            }
        }
    }
}
