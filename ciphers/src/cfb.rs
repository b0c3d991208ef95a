//! Cipher feedback (CFB) and the digest behind it, as SEIPD version 1 has them (RFC 9580, section 5.13.1).
//!
//! Both are done in pieces: a function that WebAssembly's engine has not optimized yet stays as it is until it returns,
//! and a single call for a whole message would never see the optimized one.

use crate::aead::Refused;
use aes::cipher::consts::U16;
use aes::cipher::inout::InOutBuf;
use aes::cipher::{AsyncStreamCipher, BlockDecryptMut, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use cfb_mode::Decryptor;
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

/// Length of a block, in bytes.
pub const AES_BLOCK_BYTES: usize = 16;
/// Whole blocks of the cipher's and of the digest's.
const PIECE_BYTES: usize = 16 * 1024;

/// Decrypts in place, with an initialization vector of zeros.
///
/// # Errors
/// [`Refused`] when the key is none of AES.
pub fn decrypt_cfb(key: &[u8], octets: &mut [u8]) -> Result<(), Refused> {
    match key.len() {
        16 => decrypt::<Decryptor<Aes128>>(key, octets),
        24 => decrypt::<Decryptor<Aes192>>(key, octets),
        32 => decrypt::<Decryptor<Aes256>>(key, octets),
        _ => Err(Refused),
    }
}

fn decrypt<C>(key: &[u8], octets: &mut [u8]) -> Result<(), Refused>
where
    C: KeyIvInit + AsyncStreamCipher + BlockDecryptMut<BlockSize = U16>,
{
    let mut cipher = C::new_from_slices(key, &[0; AES_BLOCK_BYTES]).map_err(|_| Refused)?;
    let mut pieces = octets.chunks_exact_mut(PIECE_BYTES);
    for piece in &mut pieces {
        let (blocks, _) = InOutBuf::from(piece).into_chunks();
        cipher.decrypt_blocks_inout_mut(blocks);
    }
    cipher.decrypt(pieces.into_remainder());
    Ok(())
}

/// Whether this is the SHA-1 of what was digested. Takes as long for one that is nearly right as for any other.
#[must_use]
pub fn is_digest(claimed: &[u8; 20], digested: &[u8]) -> bool {
    let mut digest = Sha1::new();
    for piece in digested.chunks(PIECE_BYTES) {
        digest.update(piece);
    }
    digest.finalize()[..].ct_eq(claimed).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cfb_mode::BufEncryptor;

    #[test]
    fn pieces_make_the_whole() {
        let key = [7; 32];
        for length in [
            0,
            1,
            15,
            16,
            17,
            PIECE_BYTES - 1,
            PIECE_BYTES,
            3 * PIECE_BYTES + 5,
        ] {
            let plaintext: Vec<u8> = (0..length).map(|at| (at ^ (at >> 8)) as u8).collect();
            let mut octets = plaintext.clone();
            BufEncryptor::<Aes256>::new(&key.into(), &[0; 16].into()).encrypt(&mut octets);
            decrypt_cfb(&key, &mut octets).unwrap();
            assert!(octets == plaintext, "{length}");
            let digest = Sha1::digest(&plaintext).into();
            assert!(is_digest(&digest, &plaintext));
            assert!(!is_digest(&digest, &[&plaintext[..], b"x"].concat()));
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        for length in [0, 15, 17, 33] {
            assert_eq!(decrypt_cfb(&vec![7; length], &mut [0; 40]), Err(Refused));
        }
    }
}
