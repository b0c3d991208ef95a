//! The worker's `fetch`, clock and timer, as the mail client's transport.

use crate::web_crypto::{Calls, NotAuthentic, Output, Use, WebCrypto};
use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{ContainerCipher, Octets as _};
use smail_mail_core::transport::{
    AeadJob, AeadWork, Body, HttpRequest, HttpResponse, ItemId, Transport, TransportError,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** What the mail client needs of its surroundings. */
export interface Env {
    /** Sends one request and waits for its whole answer. Rejects only when no answer came. */
    fetch(request: HttpRequest): Promise<HttpResponse>;
    /** Waits. */
    sleep(ms: number): Promise<void>;
    /** The time now, in milliseconds since 1970. */
    nowMs(): number;
    /** Told before what a stranger wrote is taken apart for this item, which may end or block the module for good. */
    opening(itemId: string): void;
    /** Told when that is over. */
    opened(itemId: string): void;
}

/** One request to the account's server. */
export interface HttpRequest {
    method: \"GET\" | \"POST\" | \"PUT\" | \"DELETE\";
    /** Absolute path with its query. */
    path: string;
    /** Header fields, Content-Type among them when there is a body. */
    headers: [name: string, value: string][];
    body?: Uint8Array<ArrayBuffer>;
}

/** One answer, whatever its status. */
export interface HttpResponse {
    status: number;
    /** Empty when there is none. */
    contentType: string;
    /** Retry-After, when it is given in seconds. */
    retryAfterS?: number | undefined;
    body: Uint8Array;
}
";

#[wasm_bindgen]
extern "C" {
    /// The surroundings, an object of the worker's.
    #[wasm_bindgen(typescript_type = "Env")]
    #[derive(Debug)]
    pub type Env;

    #[wasm_bindgen(method, catch)]
    async fn fetch(this: &Env, request: Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn sleep(this: &Env, ms: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = nowMs)]
    fn now_ms(this: &Env) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn opening(this: &Env, item_id: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn opened(this: &Env, item_id: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(typescript_type = "HttpResponse")]
    type Answer;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;

    #[wasm_bindgen(method, getter, js_name = contentType)]
    fn content_type(this: &Answer) -> String;

    #[wasm_bindgen(method, getter, js_name = retryAfterS)]
    fn retry_after_s(this: &Answer) -> Option<f64>;

    #[wasm_bindgen(method, getter)]
    fn body(this: &Answer) -> Uint8Array;
}

/// A transport of the worker's functions.
#[derive(Debug)]
pub(super) struct WorkerTransport(Env);

impl WorkerTransport {
    pub(super) const fn new(env: Env) -> Self {
        Self(env)
    }
}

impl Transport for WorkerTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let answer = self
            .0
            .fetch(js_request(&request))
            .await
            .map_err(|_| TransportError::Offline)?;
        Ok(response(&answer.into()))
    }

    async fn aead(
        &self,
        cipher: &ContainerCipher,
        work: AeadWork,
        jobs: Vec<AeadJob>,
    ) -> Option<Vec<Plaintext>> {
        let mut calls = Calls::new(match work {
            AeadWork::Seal => Use::Encrypt,
            AeadWork::Open => Use::Decrypt,
        });
        let mut outputs = Vec::with_capacity(jobs.len());
        for job in jobs {
            if calls.is_full() {
                outputs.push(taken(calls.next().await?)?);
            }
            calls.begin(cipher, &job.call, &job.input).await.ok()?;
        }
        while let Some(output) = calls.next().await {
            outputs.push(taken(output)?);
        }
        Some(outputs)
    }

    /// By the platform, where it is worth the way.
    async fn sha256(&self, octets: &[u8]) -> Option<[u8; 32]> {
        let platform = WebCrypto::find_for(octets.len())?;
        let digesting = platform.digest("SHA-256", octets).ok()?;
        digesting.finish().await.ok()?.try_into().ok()
    }

    async fn sleep(&self, ms: u32) {
        // A timer that fails is one that has run out.
        let _ = self.0.sleep(ms).await;
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates: times before 1970 become 1970
    fn now_ms(&self) -> u64 {
        self.0.now_ms().unwrap_or_else(|_| js_sys::Date::now()) as u64
    }

    fn opening(&self, item: ItemId) {
        // Whoever does not want to know is not told.
        let _ = self.0.opening(&item.to_string());
    }

    fn opened(&self, item: ItemId) {
        let _ = self.0.opened(&item.to_string());
    }
}

/// A call's output, in the module's memory.
fn taken(output: Result<Output, NotAuthentic>) -> Option<Plaintext> {
    let output = output.ok()?;
    let mut octets = Vec::with_capacity(output.count());
    output.append_to(0..output.count(), &mut octets);
    Some(Plaintext::new(octets))
}

fn js_request(request: &HttpRequest) -> Object {
    let object = Object::new();
    put(&object, "method", request.method.as_str().into());
    put(&object, "path", request.path.as_str().into());
    put(&object, "headers", headers(request).into());
    if let Body::Json(bytes) | Body::Octets(bytes) = &request.body {
        put(&object, "body", Uint8Array::from(bytes.as_slice()).into());
    }
    object
}

fn headers(request: &HttpRequest) -> Array {
    let media_type = request
        .body
        .media_type()
        .map(|media_type| ("Content-Type", media_type));
    let others = request
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    others
        .chain(media_type)
        .map(|(name, value)| Array::of2(&name.into(), &value.into()))
        .collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
fn response(answer: &Answer) -> HttpResponse {
    HttpResponse {
        status: answer.status(),
        content_type: answer.content_type(),
        retry_after_s: answer.retry_after_s().map(|seconds| seconds as u64),
        body: answer.body().to_vec(),
    }
}

fn put(object: &Object, name: &str, value: JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &JsString::from(name), &value);
}
