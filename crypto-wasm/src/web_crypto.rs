//! The platform's own ciphers and digests (Web Cryptography API), where it has them: in secure contexts of browsers, and
//! in Node.js.

use crate::error::Thrown;
use js_sys::{ArrayBuffer, Object, Promise, Reflect, Symbol, Uint8Array};
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{AeadCall, ContainerCipher, Mode, Octets, Piece};
use std::collections::VecDeque;
use std::ops::Range;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// Below this many octets work is done sooner here than it is handed over.
const LEAST_BYTES: usize = 64 * 1024;

/// Calls that are under way at a time: enough for every processor to have the next one waiting.
pub(crate) const IN_FLIGHT: usize = 8;

/// Most parts that one call's output is passed on in. Whoever writes it in parts of an octet is not to have an array made
/// of each.
const MOST_PARTS: usize = 8;

/// The platform's cryptography.
pub(crate) struct WebCrypto(SubtleCrypto);

/// What a cipher does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Encrypt,
    Decrypt,
}

/// A digest that is being computed.
pub(crate) struct Digesting(JsFuture);

impl WebCrypto {
    /// `None` where there is none.
    pub(crate) fn find() -> Option<Self> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
        let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
        subtle.is_object().then(|| Self(subtle.unchecked_into()))
    }

    /// The same, where this many octets are worth it.
    pub(crate) fn find_for(octets: usize) -> Option<Self> {
        if octets < LEAST_BYTES {
            return None;
        }
        Self::find()
    }

    /// Begins a digest. The data are copied at once.
    pub(crate) fn digest(&self, algorithm: &str, data: &[u8]) -> Result<Digesting, Thrown> {
        let promise = self.0.digest_with_str_and_u8_array(algorithm, data);
        Ok(Digesting(promise.map_err(failed)?.into()))
    }

    /// The cipher as the platform knows it: AES-GCM, and for OCB what deciphers its blocks.
    pub(crate) async fn cipher(
        &self,
        cipher: &ContainerCipher,
        use_: Use,
    ) -> Result<PlatformKey, Thrown> {
        let name = match cipher.mode() {
            Mode::Ocb => "AES-CBC",
            _ => "AES-GCM",
        };
        let octets = Uint8Array::from(cipher.key());
        let usages = js_sys::Array::of1(&use_.word().into());
        let promise = self
            .0
            .import_key_with_str("raw", &octets, name, false, &usages);
        let key = JsFuture::from(promise.map_err(failed)?).await;
        octets.fill(0, 0, octets.length());
        Ok(PlatformKey {
            subtle: self.0.clone(),
            key: key.map_err(failed)?.unchecked_into(),
            use_,
        })
    }
}

impl Use {
    const fn word(self) -> &'static str {
        match self {
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
        }
    }
}

impl Digesting {
    /// Waits for it.
    pub(crate) async fn finish(self) -> Result<Vec<u8>, Thrown> {
        let digest = self.0.await.map_err(failed)?;
        Ok(Uint8Array::new(&digest).to_vec())
    }
}

/// A key of the platform's, for one use. It cannot be taken out again.
pub(crate) struct PlatformKey {
    subtle: SubtleCrypto,
    key: CryptoKey,
    use_: Use,
}

/// A tag did not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAuthentic;

impl PlatformKey {
    /// Makes the calls on their parts of `input`, several at a time, and hands over their outputs in order.
    pub(crate) async fn run(
        &self,
        calls: &[AeadCall],
        input: &[u8],
        mut take: impl FnMut(&Uint8Array),
    ) -> Result<(), NotAuthentic> {
        let mut under_way = VecDeque::with_capacity(IN_FLIGHT);
        for call in calls {
            if under_way.len() == IN_FLIGHT
                && let Some(first) = under_way.pop_front()
            {
                take(&output(first).await?);
            }
            let promise = self.call(call, input).map_err(|_| NotAuthentic)?;
            under_way.push_back(JsFuture::from(promise));
        }
        for rest in under_way {
            take(&output(rest).await?);
        }
        Ok(())
    }

    /// Begins to decrypt, the mode and what belongs to it being named.
    pub(crate) fn decrypt(&self, parameters: &Object, input: &[u8]) -> Result<Promise, JsValue> {
        let (subtle, key) = (&self.subtle, &self.key);
        subtle.decrypt_with_object_and_u8_array(parameters, key, input)
    }

    fn call(&self, call: &AeadCall, input: &[u8]) -> Result<Promise, JsValue> {
        let part = input.get(call.input.clone()).unwrap_or_default();
        let parameters = Object::new();
        let set = |name: &str, value: JsValue| Reflect::set(&parameters, &name.into(), &value);
        set("name", "AES-GCM".into())?;
        set("iv", Uint8Array::from(&call.nonce[..]).into())?;
        set(
            "additionalData",
            Uint8Array::from(&call.associated_data[..]).into(),
        )?;
        let (subtle, key) = (&self.subtle, &self.key);
        match self.use_ {
            Use::Encrypt => subtle.encrypt_with_object_and_u8_array(&parameters, key, part),
            Use::Decrypt => self.decrypt(&parameters, part),
        }
    }
}

/// Calls that are under way for a stream: by the platform, or done here where it has no ciphers.
pub(crate) struct Calls {
    use_: Use,
    web_crypto: Option<WebCrypto>,
    platform: Option<PlatformKey>,
    under_way: VecDeque<UnderWay>,
}

enum UnderWay {
    There(JsFuture),
    Done(Option<Plaintext>),
}

/// What a call gave.
pub(crate) enum Output {
    There(PlatformOctets),
    Here(Plaintext),
}

impl Calls {
    pub(crate) fn new(use_: Use) -> Self {
        Self {
            use_,
            web_crypto: WebCrypto::find(),
            platform: None,
            under_way: VecDeque::with_capacity(IN_FLIGHT),
        }
    }

    /// Whether one has to end before another begins.
    pub(crate) fn is_full(&self) -> bool {
        self.under_way.len() >= IN_FLIGHT
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Begins a call. All are made with the cipher that the first one names.
    pub(crate) async fn begin(
        &mut self,
        cipher: &ContainerCipher,
        call: &AeadCall,
        input: &[u8],
    ) -> Result<(), Thrown> {
        let Some(web_crypto) = &self.web_crypto else {
            let done = match self.use_ {
                Use::Encrypt => cipher.seal(call, input).map(Plaintext::new),
                Use::Decrypt => cipher.open(call, input),
            };
            self.under_way.push_back(UnderWay::Done(done));
            return Ok(());
        };
        let platform = match &mut self.platform {
            Some(platform) => platform,
            none => none.insert(web_crypto.cipher(cipher, self.use_).await?),
        };
        let promise = platform.call(call, input).map_err(failed)?;
        self.under_way.push_back(UnderWay::There(promise.into()));
        Ok(())
    }

    /// The output of the call that began first, once it is there; `None` when none is under way.
    pub(crate) async fn next(&mut self) -> Option<Result<Output, NotAuthentic>> {
        let output = match self.under_way.pop_front()? {
            UnderWay::There(call) => output(call)
                .await
                .map(|chunk| Output::There(PlatformOctets(chunk))),
            UnderWay::Done(done) => done.map(Output::Here).ok_or(NotAuthentic),
        };
        Some(output)
    }
}

/// Octets in the platform's memory.
pub(crate) struct PlatformOctets(Uint8Array);

impl PlatformOctets {
    /// `None`: no `Uint8Array`, of whichever window, or one that was transferred or is too long for this module.
    pub(crate) fn of(value: &JsValue) -> Option<Self> {
        let tag = Reflect::get(value, &Symbol::to_string_tag()).ok()?;
        if !ArrayBuffer::is_view(value) || tag != "Uint8Array" {
            return None;
        }
        let get = |name: &str| Reflect::get(value, &name.into()).ok();
        let (buffer, at, length) = (get("buffer")?, get("byteOffset")?, get("byteLength")?);
        // A view of our own: a subclass may do what it likes, and none can be made of what was transferred.
        let class = Reflect::get(&js_sys::global(), &"Uint8Array".into()).ok()?;
        let parameters = js_sys::Array::of3(&buffer, &at, &length);
        let view = Reflect::construct(class.dyn_ref::<js_sys::Function>()?, &parameters).ok()?;
        let view: Uint8Array = view.unchecked_into();
        (length == view.length()).then_some(Self(view))
    }

    /// Those of a range, still where they lie.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        Self(self.part(range))
    }

    /// Those of a range, still where they lie.
    fn part(&self, range: Range<usize>) -> Uint8Array {
        self.0.subarray(range.start as u32, range.end as u32)
    }
}

impl Octets for PlatformOctets {
    fn count(&self) -> usize {
        self.0.length() as usize
    }

    fn append_to(&self, range: Range<usize>, into: &mut Vec<u8>) {
        let at = into.len();
        into.resize(at + range.len(), 0);
        if let Some(room) = into.get_mut(at..) {
            self.part(range).copy_to(room);
        }
    }
}

impl Octets for Output {
    fn count(&self) -> usize {
        match self {
            Self::There(octets) => octets.count(),
            Self::Here(octets) => octets[..].count(),
        }
    }

    fn append_to(&self, range: Range<usize>, into: &mut Vec<u8>) {
        match self {
            Self::There(octets) => octets.append_to(range, into),
            Self::Here(octets) => octets[..].append_to(range, into),
        }
    }
}

impl Piece for Output {
    fn split_off(&mut self, at: usize) -> Self {
        match self {
            // The rest has a buffer of its own: the first part's may be transferred before it is written.
            Self::There(octets) => {
                let rest = octets.0.slice(at as u32, octets.0.length());
                *octets = octets.slice(0..at);
                Self::There(PlatformOctets(rest))
            }
            Self::Here(octets) => Self::Here(Plaintext::new(octets.split_off(at))),
        }
    }
}

impl Output {
    /// All of it, in the platform's memory.
    pub(crate) fn into_array(self) -> Uint8Array {
        match self {
            Self::There(octets) => octets.0,
            Self::Here(octets) => Uint8Array::from(&octets[..]),
        }
    }

    /// Those of some ranges, each in a buffer of its own; the longest stays in this one's. Of many ranges one part is made.
    pub(crate) fn into_parts(self, ranges: &[Range<usize>]) -> Vec<Uint8Array> {
        if ranges.len() > MOST_PARTS {
            let mut joined = Vec::new();
            for range in ranges {
                self.append_to(range.clone(), &mut joined);
            }
            return vec![Uint8Array::from(&Plaintext::new(joined)[..])];
        }
        let all = PlatformOctets(self.into_array());
        let longest = ranges.iter().max_by_key(|range| range.len());
        let parts = ranges.iter().map(|range| {
            if Some(range) == longest {
                all.part(range.clone())
            } else {
                all.0.slice(range.start as u32, range.end as u32)
            }
        });
        parts.collect()
    }
}

/// One after the other, as one.
pub(crate) fn join(parts: &[Uint8Array]) -> Uint8Array {
    let joined = Uint8Array::new_with_length(parts.iter().map(Uint8Array::length).sum());
    let mut at = 0;
    for part in parts {
        joined.set(part, at);
        at += part.length();
    }
    joined
}

async fn output(call: JsFuture) -> Result<Uint8Array, NotAuthentic> {
    let buffer: ArrayBuffer = call.await.map_err(|_| NotAuthentic)?.unchecked_into();
    Ok(Uint8Array::new(&buffer))
}

fn failed(_: JsValue) -> Thrown {
    Thrown::new("platform-failed", "the platform's cryptography failed")
}
