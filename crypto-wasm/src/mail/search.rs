//! Searching, and the index behind it.

use super::client::{MailClient, records};
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::SearchRequest;
use smail_mail_core::views::{IndexProgress, SavedSearch, SearchResults};
use tsify::Ts;
use tsify::Tsify as _;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Looks for messages: what was typed, how many are wanted, and how far the clock on the wall is ahead of UTC in
    /// minutes. What cannot be read of it is said in the results.
    ///
    /// # Errors
    /// No answer from the server, or the session has ended.
    pub async fn search(
        &self,
        query: String,
        limit: u32,
        #[wasm_bindgen(js_name = utcOffsetMin)] utc_offset_min: i32,
    ) -> Result<Ts<SearchResults>, Thrown> {
        let request = SearchRequest {
            query,
            limit,
            utc_offset_min,
        };
        let results = self.0.search(&request).await.map_err(thrown)?;
        Ok(results.into_ts()?)
    }

    /// Does a little of what there is to do for the search index.
    ///
    /// # Errors
    /// No answer from the server, or the session has ended.
    #[wasm_bindgen(js_name = indexStep)]
    pub async fn index_step(&self) -> Result<Ts<IndexProgress>, Thrown> {
        Ok(self.0.index_step().await.map_err(thrown)?.into_ts()?)
    }

    /// Writes down what is in no part of the search index yet.
    ///
    /// # Errors
    /// No answer from the server, or the session has ended.
    #[wasm_bindgen(js_name = saveIndex)]
    pub async fn save_index(&self) -> Result<(), Thrown> {
        self.0.save_index().await.map_err(thrown)
    }

    /// The saved searches.
    ///
    /// # Errors
    /// State that does not open.
    #[wasm_bindgen(js_name = savedSearches)]
    pub fn saved_searches(&self) -> Result<Vec<Ts<SavedSearch>>, Thrown> {
        records(self.0.saved_searches().map_err(thrown)?)
    }

    /// Keeps a search under a name; all of them, afterwards.
    ///
    /// # Errors
    /// No name, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = saveSearch)]
    pub async fn save_search(
        &self,
        name: String,
        query: String,
    ) -> Result<Vec<Ts<SavedSearch>>, Thrown> {
        records(self.0.save_search(&name, &query).await.map_err(thrown)?)
    }

    /// Forgets a saved search; the others.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = removeSearch)]
    pub async fn remove_search(&self, id: String) -> Result<Vec<Ts<SavedSearch>>, Thrown> {
        records(self.0.remove_search(&id).await.map_err(thrown)?)
    }
}
