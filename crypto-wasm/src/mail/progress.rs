//! Progress on its way to JavaScript.

use js_sys::Function;
use smail_mail_core::views::Step;
use tsify::Tsify as _;
use wasm_bindgen::JsValue;

/// Calls a JavaScript function with each step. What the function throws is its own affair.
pub(super) fn reporter(progress: Function) -> impl Fn(Step) {
    move |step| {
        if let Ok(step) = step.into_js() {
            let _ = progress.call1(&JsValue::UNDEFINED, &step);
        }
    }
}
