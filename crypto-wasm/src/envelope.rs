//! Sealed envelopes: bytes that open only with the right key, in the right place.

use crate::error::Thrown;
use crate::held::Held;
use js_sys::{Array, Uint8Array};
use rand::rngs::OsRng;
use smail_crypto_core::envelope::{self, Kind};
use smail_crypto_core::{Object, Owner};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

#[wasm_bindgen(typescript_custom_section)]
const KINDS: &str = "
/** An envelope and its place, for `openAll`. */
export interface SealedItem {
    kind: EnvelopeKind;
    /** 16 bytes. */
    owner: Uint8Array;
    /** 16 bytes. */
    object: Uint8Array;
    version: bigint;
    sealed: Uint8Array;
}
/** What an envelope holds: secret keys, a message's summary and flags, settings and the like, a draft, the search index. */
export type EnvelopeKind = \"keyring\" | \"item\" | \"state\" | \"draft\" | \"index\";
";

#[wasm_bindgen]
extern "C" {
    /// An envelope and its place.
    #[wasm_bindgen(typescript_type = "SealedItem")]
    #[derive(Debug)]
    pub type SealedItem;

    #[wasm_bindgen(method, getter, catch)]
    fn kind(this: &SealedItem) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn owner(this: &SealedItem) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn object(this: &SealedItem) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn version(this: &SealedItem) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn sealed(this: &SealedItem) -> Result<JsValue, JsValue>;
}

/// The place an envelope belongs to. It opens nowhere else.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Binding(envelope::Binding);

#[wasm_bindgen]
impl Binding {
    /// The place of an object's version, which is a number of at most 64 bits. Owner and object are ids of 16 bytes each.
    ///
    /// # Errors
    /// An unknown kind, an id of another length, a version below zero or too large.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "EnvelopeKind")] kind: &str,
        owner: &[u8],
        object: &[u8],
        #[wasm_bindgen(unchecked_param_type = "bigint")] version: JsValue,
    ) -> Result<Self, Thrown> {
        let (owner, object) = (Owner(sixteen(owner)?), Object(sixteen(object)?));
        Ok(Self(envelope::Binding {
            kind: core_kind(kind)?,
            owner,
            object,
            version: whole(version)?,
        }))
    }
}

/// A key of envelopes. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EnvelopeKey(pub(crate) Held<smail_crypto_core::EnvelopeKey>);

#[wasm_bindgen]
impl EnvelopeKey {
    /// Seals content for its place.
    ///
    /// # Errors
    /// Content that is too long.
    pub fn seal(&self, binding: &Binding, content: &[u8]) -> Result<Vec<u8>, Thrown> {
        let key = self.0.get()?;
        Ok(envelope::seal(&key, &binding.0, content, &mut OsRng)?)
    }

    /// Opens an envelope in its place.
    ///
    /// # Errors
    /// Another key, another place, changed bytes, something that is no envelope.
    pub fn open(&self, binding: &Binding, sealed: &[u8]) -> Result<Vec<u8>, Thrown> {
        Ok(envelope::open(&*self.0.get()?, &binding.0, sealed)?.to_vec())
    }

    /// Opens many envelopes in one call. In the place of each that does not open, the answer holds the error.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(js_name = openAll, unchecked_return_type = "(Uint8Array | SMailError)[]")]
    pub fn open_all(&self, items: Vec<SealedItem>) -> Result<Array, Thrown> {
        drop(self.0.get()?);
        let opened = items.iter().map(|item| match self.open_one(item) {
            Ok(content) => content.into(),
            Err(thrown) => JsValue::from(thrown),
        });
        Ok(opened.collect())
    }
}

impl EnvelopeKey {
    /// Opens one of many envelopes. The item's properties may run anybody's code: the key is lent out afterwards.
    fn open_one(&self, item: &SealedItem) -> Result<Uint8Array, Thrown> {
        let sealed = octets(item.sealed())?;
        let kind = item.kind().ok().and_then(|kind| kind.as_string());
        let binding = envelope::Binding {
            kind: core_kind(&kind.unwrap_or_default())?,
            owner: Owner(sixteen(&octets(item.owner())?)?),
            object: Object(sixteen(&octets(item.object())?)?),
            version: whole(item.version().unwrap_or_default())?,
        };
        let content = envelope::open(&*self.0.get()?, &binding, &sealed)?;
        Ok(Uint8Array::from(&content[..]))
    }
}

fn octets(property: Result<JsValue, JsValue>) -> Result<Vec<u8>, Thrown> {
    let octets = property.and_then(JsValue::dyn_into::<Uint8Array>);
    let octets = octets.map_err(|_| {
        let message = "an item has owner, object and sealed, each a Uint8Array";
        Thrown::new("invalid-argument", message)
    })?;
    Ok(octets.to_vec())
}

/// A version. wasm-bindgen would take what is left of any number modulo 2 to the power of 64.
fn whole(version: JsValue) -> Result<u64, Thrown> {
    u64::try_from(version).map_err(|_| {
        let message = "a version is a BigInt of at most 64 bits, and not below zero";
        Thrown::new("invalid-argument", message)
    })
}

/// An id of 16 bytes.
pub(crate) fn sixteen(id: &[u8]) -> Result<[u8; 16], Thrown> {
    id.try_into()
        .map_err(|_| Thrown::new("invalid-argument", "an id has 16 bytes"))
}

fn core_kind(kind: &str) -> Result<Kind, Thrown> {
    match kind {
        "keyring" => Ok(Kind::Keyring),
        "item" => Ok(Kind::Item),
        "state" => Ok(Kind::State),
        "draft" => Ok(Kind::Draft),
        "index" => Ok(Kind::Index),
        _ => Err(Thrown::new(
            "invalid-argument",
            "there is no such kind of envelope",
        )),
    }
}
