//! Many messages at once: some requests under way at a time, and each failure by its name.

use crate::ApiError;
use crate::error::CodedError;
use crate::items::ItemError;
use crate::views::ItemFailure;
use futures_util::future::join_all;
use smail_protocol::{ItemId, ProblemCode};
use std::collections::BTreeSet;
use std::future::Future;

/// Messages worked on at a time.
const AT_A_TIME: usize = 8;

/// What came of each.
pub(super) struct Done<V> {
    values: Vec<V>,
    failed: Vec<(ItemId, ItemError)>,
}

impl<V> Done<V> {
    pub(super) fn failed_ids(&self) -> BTreeSet<ItemId> {
        self.failed.iter().map(|(id, _)| *id).collect()
    }

    pub(super) fn parts(self) -> (Vec<V>, Vec<ItemFailure>) {
        let failure = |(id, error): (ItemId, ItemError)| ItemFailure {
            id: id.to_string(),
            code: error.code().to_owned(),
            message: error.to_string(),
        };
        (self.values, self.failed.into_iter().map(failure).collect())
    }
}

/// The items named, each once.
pub(super) fn read_ids(item_ids: &[String]) -> Result<Vec<ItemId>, ItemError> {
    let mut seen = BTreeSet::new();
    let ids: Result<Vec<ItemId>, _> = item_ids.iter().map(|id| id.parse()).collect();
    Ok(ids?.into_iter().filter(|id| seen.insert(*id)).collect())
}

/// Acts on each item, some at a time. Once the server cannot be reached, or the session has ended, the rest is not tried.
pub(super) async fn each<V, F>(ids: &[ItemId], act: impl Fn(ItemId) -> F) -> Done<V>
where
    F: Future<Output = Result<V, ItemError>>,
{
    let mut done = Done {
        values: Vec::with_capacity(ids.len()),
        failed: Vec::new(),
    };
    let mut end = None;
    for chunk in ids.chunks(AT_A_TIME) {
        if let Some(error) = &end {
            let untried = chunk.iter().map(|id| (*id, ItemError::clone(error)));
            done.failed.extend(untried);
            continue;
        }
        let outcomes = join_all(chunk.iter().map(|id| act(*id))).await;
        for (id, outcome) in chunk.iter().zip(outcomes) {
            match outcome {
                Ok(value) => done.values.push(value),
                Err(error) => {
                    if ends_all(&error) {
                        end = Some(error.clone());
                    }
                    done.failed.push((*id, error));
                }
            }
        }
    }
    done
}

/// Whether the others would fail the same way.
fn ends_all(error: &ItemError) -> bool {
    match error {
        ItemError::Server(ApiError::Offline) => true,
        ItemError::Server(error) => error.is(ProblemCode::NoSession),
        _ => false,
    }
}
