//! Mail in and out in files, read and written piece by piece.

use super::MailClient;
use super::attachments::{PageFile, Source, Watch, Watcher, given_to};
use super::thrown;
use crate::error::Thrown;
use js_sys::Function;
use smail_mail_core::ImportWatch;
use smail_mail_core::views::{
    ExportForm, ExportPlan, ImportOptions, ImportOutcome, ImportProgress,
};
use std::cell::Cell;
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** Hears how far taking mail in has come, and answers whether to go on. */
export type ImportWatch = (progress: ImportProgress) => boolean;
";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "ImportWatch")]
    #[derive(Debug)]
    pub type ImportListener;
}

#[wasm_bindgen]
impl MailClient {
    /// Takes files in: mbox, or one message each. What ends it early is told in the outcome.
    ///
    /// # Errors
    /// No such folder.
    pub async fn import(
        &self,
        files: Vec<PageFile>,
        options: Ts<ImportOptions>,
        watch: ImportListener,
    ) -> Result<Ts<ImportOutcome>, Thrown> {
        let files: Vec<Source> = files.into_iter().map(Source).collect();
        let watcher = ImportWatcher {
            watch,
            goes_on: Cell::new(true),
        };
        let outcome = self.0.import(&files, &options.to_rust()?, &watcher).await;
        Ok(outcome.map_err(thrown)?.into_ts()?)
    }

    /// The messages of a folder and of those inside it, or all there are.
    ///
    /// # Errors
    /// No such folder, or no answer from the server.
    #[wasm_bindgen(js_name = exportPlan)]
    pub async fn export_plan(&self, folder_id: Option<String>) -> Result<Ts<ExportPlan>, Thrown> {
        let plan = self.0.export_plan(folder_id.as_deref()).await;
        Ok(plan.map_err(thrown)?.into_ts()?)
    }

    /// Gives a message out. Its octets are given to `take` as they come, and are not to be kept before this has ended
    /// well.
    ///
    /// # Errors
    /// A message that does not open, a file beside it that does not come, or that it was cancelled.
    #[wasm_bindgen(js_name = exportMessage)]
    pub async fn export_message(
        &self,
        item_id: String,
        form: Ts<ExportForm>,
        watch: Watch,
        #[wasm_bindgen(unchecked_param_type = "(octets: Uint8Array<ArrayBuffer>) => void")]
        take: Function,
    ) -> Result<(), Thrown> {
        let give = given_to(take);
        let watcher = Watcher::new(watch);
        let given = self
            .0
            .export_message(&item_id, form.to_rust()?, &watcher, give)
            .await;
        given.map_err(thrown)
    }
}

/// Tells the function, and remembers its last answer.
struct ImportWatcher {
    watch: ImportListener,
    goes_on: Cell<bool>,
}

impl ImportWatch for ImportWatcher {
    fn progress(&self, progress: &ImportProgress) {
        let (Some(watch), Ok(progress)) =
            (self.watch.dyn_ref::<Function>(), progress.clone().into_js())
        else {
            return;
        };
        let answer = watch.call1(&JsValue::UNDEFINED, &progress);
        self.goes_on
            .set(answer.is_ok_and(|answer| answer.is_truthy()));
    }

    fn is_cancelled(&self) -> bool {
        !self.goes_on.get()
    }
}
