//! Attachments: files go up and come down piece by piece, and are never whole in the module's memory.

use super::MailClient;
use super::thrown;
use crate::error::Thrown;
use js_sys::{ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use smail_mail_core::views::DraftAttachment;
use smail_mail_core::{FileSource, FileUnreadable, NewAttachment, TransferWatch};
use std::cell::Cell;
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** Hears how far a file has come: octets of it that are done, and whether the server has to be waited for. Answers
 * whether to go on. */
export type TransferWatch = (doneBytes: number, waiting: boolean) => boolean;
";

#[wasm_bindgen]
extern "C" {
    /// A file of the page's.
    #[wasm_bindgen(typescript_type = "File")]
    #[derive(Debug)]
    pub type PageFile;

    #[wasm_bindgen(method, getter)]
    fn size(this: &PageFile) -> f64;

    #[wasm_bindgen(method, getter)]
    fn name(this: &PageFile) -> String;

    #[wasm_bindgen(method, getter, js_name = type)]
    fn media_type(this: &PageFile) -> String;

    #[wasm_bindgen(method, catch)]
    fn slice(this: &PageFile, from: f64, to: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(typescript_type = "TransferWatch")]
    #[derive(Debug)]
    pub type Watch;
}

#[wasm_bindgen]
impl MailClient {
    /// Encrypts a file and uploads it; what comes back goes into a draft.
    ///
    /// # Errors
    /// A file that is empty, too large or cannot be read, no room in the account, or that it was cancelled.
    pub async fn attach(
        &self,
        file: PageFile,
        watch: Watch,
    ) -> Result<Ts<DraftAttachment>, Thrown> {
        let new = NewAttachment {
            name: file.name(),
            media_type: file.media_type(),
        };
        let attached = self
            .0
            .attach(&Source(file), &new, &Watcher::new(watch))
            .await;
        Ok(attached.map_err(thrown)?.into_ts()?)
    }

    /// Gives up a file that no draft or message names.
    ///
    /// # Errors
    /// One that is not known here.
    pub async fn detach(&self, attachment: Ts<DraftAttachment>) -> Result<(), Thrown> {
        self.0.detach(&attachment.to_rust()?).await.map_err(thrown)
    }

    /// Downloads and decrypts a file. Its octets are given to `take` as they come, and are not to be given to anybody
    /// before this has ended well.
    ///
    /// # Errors
    /// A file that was altered or is gone, or no answer from the server.
    #[wasm_bindgen(js_name = fetchAttachment)]
    pub async fn fetch_attachment(
        &self,
        attachment: Ts<DraftAttachment>,
        watch: Watch,
        #[wasm_bindgen(unchecked_param_type = "(octets: Uint8Array<ArrayBuffer>) => void")]
        take: Function,
    ) -> Result<(), Thrown> {
        self.0
            .fetch_attachment(&attachment.to_rust()?, &Watcher::new(watch), given_to(take))
            .await
            .map_err(thrown)
    }
}

/// Reads where the page's file lies.
pub(super) struct Source(pub(super) PageFile);

impl FileSource for Source {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
    fn size_bytes(&self) -> u64 {
        self.0.size() as u64
    }

    async fn read(&self, at: u64, bytes: usize) -> Result<Vec<u8>, FileUnreadable> {
        let from = at as f64;
        let part = self.0.slice(from, from + bytes as f64);
        octets_of(part).await.ok_or(FileUnreadable)
    }
}

async fn octets_of(part: Result<JsValue, JsValue>) -> Option<Vec<u8>> {
    let part = part.ok()?;
    let read: Function = Reflect::get(&part, &"arrayBuffer".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let promise: Promise = read.call0(&part).ok()?.dyn_into().ok()?;
    let buffer: ArrayBuffer = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Gives each piece to the function. What that throws is its own affair.
pub(super) fn given_to(take: Function) -> impl FnMut(&[u8]) {
    move |octets| drop(take.call1(&JsValue::UNDEFINED, &Uint8Array::from(octets)))
}

/// Tells the function with each piece, and remembers its last answer.
pub(super) struct Watcher {
    watch: Watch,
    goes_on: Cell<bool>,
}

impl Watcher {
    pub(super) const fn new(watch: Watch) -> Self {
        Self {
            watch,
            goes_on: Cell::new(true),
        }
    }

    fn ask(&self, done_bytes: u64, waiting: bool) {
        let Some(watch) = self.watch.dyn_ref::<Function>() else {
            return;
        };
        let (done_bytes, waiting) = ((done_bytes as f64).into(), waiting.into());
        let answer = watch.call2(&JsValue::UNDEFINED, &done_bytes, &waiting);
        self.goes_on
            .set(answer.is_ok_and(|answer| answer.is_truthy()));
    }
}

impl TransferWatch for Watcher {
    fn progress(&self, done_bytes: u64, waiting: bool) {
        self.ask(done_bytes, waiting);
    }

    fn is_cancelled(&self) -> bool {
        !self.goes_on.get()
    }
}
