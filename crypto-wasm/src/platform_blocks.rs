//! OCB by the platform, which does not have the mode, but has AES: see [`OcbBlocks`].

use crate::web_crypto::{IN_FLIGHT, NotAuthentic, PlatformKey};
use js_sys::{Object, Promise, Reflect, Uint8Array};
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{AeadCall, ContainerCipher, OcbBlocks};
use std::collections::VecDeque;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

const BLOCK_BYTES: u32 = 16;

/// Opens a container in OCB.
pub(crate) struct PlatformBlocks<'a> {
    cipher: &'a ContainerCipher,
    key: PlatformKey,
}

/// A call whose blocks are being deciphered; those of none are done here.
struct UnderWay<'a> {
    call: &'a AeadCall,
    blocks: Option<(OcbBlocks, JsFuture)>,
}

impl<'a> PlatformBlocks<'a> {
    pub(crate) const fn new(cipher: &'a ContainerCipher, key: PlatformKey) -> Self {
        Self { cipher, key }
    }

    /// Makes the calls on their parts of `input`, several at a time, and appends what they give.
    pub(crate) async fn run(
        &self,
        calls: &[AeadCall],
        input: &[u8],
        into: &mut Plaintext,
    ) -> Result<(), NotAuthentic> {
        let mut under_way = VecDeque::with_capacity(IN_FLIGHT);
        for call in calls {
            if under_way.len() == IN_FLIGHT
                && let Some(first) = under_way.pop_front()
            {
                self.finish(first, input, into).await?;
            }
            under_way.push_back(self.begin(call, input).map_err(|_| NotAuthentic)?);
        }
        for rest in under_way {
            self.finish(rest, input, into).await?;
        }
        Ok(())
    }

    fn begin<'c>(&self, call: &'c AeadCall, input: &[u8]) -> Result<UnderWay<'c>, JsValue> {
        let blocks = match self.cipher.blocks(call, input) {
            Some(blocks) => {
                let deciphering = self.decipher(&blocks)?;
                Some((blocks, deciphering.into()))
            }
            None => None,
        };
        Ok(UnderWay { call, blocks })
    }

    fn decipher(&self, blocks: &OcbBlocks) -> Result<Promise, JsValue> {
        let parameters = Object::new();
        let set = |name: &str, value: JsValue| Reflect::set(&parameters, &name.into(), &value);
        set("name", "AES-CBC".into())?;
        set("iv", Uint8Array::new_with_length(BLOCK_BYTES).into())?;
        self.key.decrypt(&parameters, blocks.cbc_input())
    }

    async fn finish(
        &self,
        UnderWay { call, blocks }: UnderWay<'_>,
        input: &[u8],
        into: &mut Plaintext,
    ) -> Result<(), NotAuthentic> {
        let opened = match blocks {
            Some((blocks, deciphering)) => {
                let output = deciphering.await.map_err(|_| NotAuthentic)?;
                let output = Uint8Array::new(&output);
                let deciphered = Plaintext::new(output.to_vec());
                output.fill(0, 0, output.length());
                let blocks = (&blocks, deciphered);
                self.cipher.open_blocks(call, input, blocks, into)
            }
            None => self.cipher.open_into(call, input, into),
        };
        opened.ok_or(NotAuthentic)
    }
}
