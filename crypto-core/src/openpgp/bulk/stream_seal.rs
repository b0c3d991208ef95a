//! A message of any length that is encrypted as it comes, in constant memory.

use super::cipher::{AeadCall, ContainerCipher};
use super::framing::{PartialBody, PiecewiseBody};
use super::given_key::SessionKey;
use super::octets::{Octets, Piece, Written};
use super::queue::Queue;
use super::seal::{self, CONTAINER_TAG, LITERAL_FIELDS, LITERAL_TAG};
use crate::Plaintext;
use crate::openpgp::container::Container;
use crate::openpgp::encrypt::EncryptError;
use crate::openpgp::secret_key::TransferableSecretKey;
use crate::openpgp::usable::UsableCertificate;
use crate::time::UnixSeconds;
use pgp::packet::{PacketTrait as _, SignatureHasher};
use pgp::types::Password;
use rand::{CryptoRng, RngCore};
use std::io::Write as _;
use std::sync::Arc;

/// A message that is being encrypted. Secret. Made of calls, as [`Sealing`](super::Sealing) is; their outputs are handed
/// in in order, and are passed on as they are.
pub struct SealingStream<P> {
    cipher: ContainerCipher,
    /// Packets that are in no call yet, and those that the last call is made on.
    packets: Queue,
    given_bytes: usize,
    literal: PartialBody,
    container: PiecewiseBody<P>,
    output: Vec<Written<P>>,
    signing: Option<Signing>,
    chunks: u64,
    sealed_bytes: u64,
    stage: Stage,
}

struct Signing {
    signer: Arc<TransferableSecretKey>,
    hasher: SignatureHasher,
    now: UnixSeconds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// No more plaintext comes.
    Ended,
    /// The last call, over the length, was given out.
    Counted,
}

impl<P: Piece> SealingStream<P> {
    /// Begins a message to recipients who can all read SEIPD version 2 with AES-256-GCM; signed when there is a signer.
    ///
    /// # Errors
    /// [`EncryptError`]; [`EncryptError::NotAsStream`] when a recipient cannot read it.
    pub fn begin<R: RngCore + CryptoRng>(
        signer: Option<Arc<TransferableSecretKey>>,
        recipients: &[UsableCertificate],
        now: UnixSeconds,
        rng: &mut R,
    ) -> Result<Self, EncryptError> {
        if recipients.is_empty() {
            return Err(EncryptError::NoRecipients);
        }
        if Container::for_all(recipients) != Container::GCM {
            return Err(EncryptError::NotAsStream);
        }
        let (session_keys, cipher) =
            seal::session(recipients, rng).map_err(|_| EncryptError::Failed)?;
        let mut packets = Queue::default();
        let signing = match signer {
            Some(signer) => {
                let key = crate::openpgp::signing::signing_key(&signer, now)
                    .map_err(EncryptError::Signing)?;
                let (announced, config) =
                    seal::announced(key, recipients, now, rng).map_err(|_| EncryptError::Failed)?;
                packets.back().extend(announced);
                let hasher = config.into_hasher().map_err(|_| EncryptError::Failed)?;
                Some(Signing {
                    signer,
                    hasher,
                    now,
                })
            }
            None => None,
        };
        Ok(Self::with(cipher, session_keys, packets, signing))
    }

    /// Begins data that are sealed under a session key which is told by another way: a container alone, not signed.
    pub fn under<R: RngCore + CryptoRng>(key: &SessionKey, rng: &mut R) -> Self {
        let mut salt = [0; 32];
        rng.fill_bytes(&mut salt);
        let cipher = ContainerCipher::to_write(key.expose(), salt);
        Self::with(cipher, Vec::new(), Queue::default(), None)
    }

    fn with(
        cipher: ContainerCipher,
        session_keys: Vec<u8>,
        mut packets: Queue,
        signing: Option<Signing>,
    ) -> Self {
        let mut literal = PartialBody::begin(LITERAL_TAG, packets.back());
        literal.push(&LITERAL_FIELDS, packets.back());
        let mut output = vec![Written::Frame(session_keys)];
        let container = PiecewiseBody::begin(CONTAINER_TAG, cipher.header(), &mut output);
        Self {
            cipher,
            packets,
            given_bytes: 0,
            literal,
            container,
            output,
            signing,
            chunks: 0,
            sealed_bytes: 0,
            stage: Stage::Open,
        }
    }

    /// The cipher that seals.
    #[must_use]
    pub const fn cipher(&self) -> &ContainerCipher {
        &self.cipher
    }

    /// More plaintext. Nothing after [`SealingStream::end`].
    pub fn push<O: Octets + ?Sized>(&mut self, plaintext: &O) {
        if self.stage != Stage::Open {
            return;
        }
        match &mut self.signing {
            Some(signing) => {
                let mut signed = Plaintext::new(Vec::with_capacity(plaintext.count()));
                plaintext.append_to(0..plaintext.count(), &mut signed);
                // A digest takes everything.
                let _ = signing.hasher.write_all(&signed);
                self.literal.push(&signed[..], self.packets.back());
            }
            None => self.literal.push(plaintext, self.packets.back()),
        }
    }

    /// The plaintext is complete: signs it.
    ///
    /// # Errors
    /// [`EncryptError`].
    pub fn end(&mut self) -> Result<(), EncryptError> {
        if self.stage != Stage::Open {
            return Ok(());
        }
        self.stage = Stage::Ended;
        self.literal.end(self.packets.back());
        if let Some(Signing {
            signer,
            hasher,
            now,
        }) = self.signing.take()
        {
            let key = crate::openpgp::signing::signing_key(&signer, now)
                .map_err(EncryptError::Signing)?;
            hasher
                .sign(key, &Password::empty())
                .and_then(|signature| signature.to_writer_with_header(self.packets.back()))
                .map_err(|_| EncryptError::Failed)?;
        }
        Ok(())
    }

    /// The next call; `None` when more plaintext has to come first, or the last was given out.
    pub fn next_call(&mut self) -> Option<AeadCall> {
        self.packets.pass(std::mem::take(&mut self.given_bytes));
        let chunk_bytes = self.cipher.chunk_bytes();
        let available = match self.stage {
            Stage::Counted => return None,
            Stage::Open => self.packets.len() - self.literal.open_bytes(),
            Stage::Ended => self.packets.len(),
        };
        if self.stage == Stage::Open && available < chunk_bytes {
            return None;
        }
        if available == 0 {
            self.stage = Stage::Counted;
            return Some(self.cipher.count_call(self.chunks, self.sealed_bytes, 0..0));
        }
        let taken = available.min(chunk_bytes);
        let call = self.cipher.chunk_call(self.chunks, 0..taken);
        self.chunks += 1;
        self.sealed_bytes += taken as u64;
        self.given_bytes = taken;
        Some(call)
    }

    /// What the call that was given out last is made on, a part of it.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        self.packets.front()
    }

    /// A call's output. When it is the last one's, the message is complete.
    pub fn sealed(&mut self, output: P, is_last: bool) {
        self.container.push(output, &mut self.output);
        if is_last {
            self.container.end(&mut self.output);
        }
    }

    /// Whether all calls were given out.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.stage == Stage::Counted
    }

    /// What of the message is ready.
    pub fn take_output(&mut self) -> Vec<Written<P>> {
        std::mem::take(&mut self.output)
    }
}

impl<P> std::fmt::Debug for SealingStream<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingStream(..)")
    }
}
