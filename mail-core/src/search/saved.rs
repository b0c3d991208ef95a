//! Saved searches: sealed state, the same in all sessions.

use super::error::SearchError;
use crate::client::Client;
use crate::env::Randomness;
use crate::message::neutral_text;
use crate::transport::Transport;
use crate::views::SavedSearch;
use serde::{Deserialize, Serialize};
use smail_protocol::ItemId;

/// The state object's name.
const STATE_NAME: &str = "searches";
/// Version of what is written now.
const VERSION: u32 = 1;
/// Most saved searches.
const MAX_SEARCHES: usize = 50;
/// Longest name, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Longest query, in characters.
const MAX_QUERY_CHARS: usize = 400;

/// Saved searches, as sealed.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Searches {
    version: u32,
    searches: Vec<SavedSearch>,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The saved searches, in the order of their names.
    ///
    /// # Errors
    /// [`SearchError`].
    pub fn saved_searches(&self) -> Result<Vec<SavedSearch>, SearchError> {
        Ok(sorted(
            self.state::<Searches>(STATE_NAME)?.unwrap_or_default(),
        ))
    }

    /// Keeps a search under a name. A name that is taken stands for this search from now on.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn save_search(
        &self,
        name: &str,
        query: &str,
    ) -> Result<Vec<SavedSearch>, SearchError> {
        let (name, query) = (neutral_text(name), query.trim().to_owned());
        let fits = |text: &str, limit: usize| !text.is_empty() && text.chars().count() <= limit;
        if !fits(&name, MAX_NAME_CHARS) || !fits(&query, MAX_QUERY_CHARS) {
            return Err(SearchError::Unnamed {
                limit: MAX_NAME_CHARS,
            });
        }
        let id = ItemId::from_bytes(self.env.random_id()).to_string();
        let kept = self
            .change_state(STATE_NAME, |state: &mut Searches| {
                state.keep(&id, &name, &query)
            })
            .await?;
        if kept
            .searches
            .iter()
            .any(|search| search.name == name && search.query == query)
        {
            Ok(sorted(kept))
        } else {
            Err(SearchError::TooManySaved {
                limit: MAX_SEARCHES,
            })
        }
    }

    /// Forgets a saved search. That it is gone already is success.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn remove_search(&self, id: &str) -> Result<Vec<SavedSearch>, SearchError> {
        let left = self
            .change_state(STATE_NAME, |state: &mut Searches| {
                let before = state.searches.len();
                state.searches.retain(|search| search.id != id);
                state.searches.len() < before
            })
            .await?;
        Ok(sorted(left))
    }
}

impl Searches {
    /// Whether anything is to be written.
    fn keep(&mut self, id: &str, name: &str, query: &str) -> bool {
        self.version = VERSION;
        if let Some(same) = self.searches.iter_mut().find(|search| search.name == name) {
            let is_new = same.query != query;
            query.clone_into(&mut same.query);
            return is_new;
        }
        if self.searches.len() >= MAX_SEARCHES {
            return false;
        }
        self.searches.push(SavedSearch {
            id: id.to_owned(),
            name: name.to_owned(),
            query: query.to_owned(),
        });
        true
    }
}

fn sorted(mut state: Searches) -> Vec<SavedSearch> {
    state
        .searches
        .sort_by_cached_key(|search| search.name.to_lowercase());
    state.searches
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: what version 1 wrote must open for ever.
    #[test]
    fn the_first_version_reads() {
        let json =
            r#"{"version":1,"searches":[{"id":"0a","name":"Bills","query":"from:bob invoice"}]}"#;
        let mut searches: Searches = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&searches).unwrap(), json);
        assert!(!searches.keep("0b", "Bills", "from:bob invoice"));
        assert!(searches.keep("0b", "Bills", "invoice"));
        assert_eq!(
            (searches.searches.len(), searches.searches[0].query.as_str()),
            (1, "invoice")
        );
    }
}
