//! Lists, and the first sight of a message: it is opened once, and the summary that is left with it serves every later
//! list.

use crate::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::item::ItemContent;
use crate::items::ItemError;
use crate::memory::{Fault, Known, open_known};
use crate::open::OpenMessageError;
use crate::transport::Transport;
use crate::views::MessagePage;
use smail_protocol::limits::{DEFAULT_PAGE, MAX_PAGE};
use smail_protocol::{Item, ItemId, MailboxId, ProblemCode};

/// What is filed of a message that ended the client which opened it.
const HARMFUL: &str =
    "This message could not be opened safely. It may be damaged, or made to do harm.";

impl<T: Transport, R: Randomness> Client<T, R> {
    /// One page of a folder, latest arrival first. A message that cannot be opened is a row with a fault.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn list(
        &self,
        folder_id: &str,
        before: Option<&str>,
        limit: Option<u32>,
    ) -> Result<MessagePage, ItemError> {
        let mailbox_id: MailboxId = folder_id.parse()?;
        let limit = limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE);
        let page = self.env.mailbox_items(mailbox_id, before, limit).await?;
        self.memory
            .borrow_mut()
            .totals
            .insert(mailbox_id, page.total);
        let mut rows = Vec::with_capacity(page.items.len());
        for item in page.items {
            rows.push(self.take_in(item).await?.row());
        }
        Ok(MessagePage {
            rows,
            next: page.next,
            total: u32::try_from(page.total).unwrap_or(u32::MAX),
        })
    }

    /// Takes an item in that the server told of. Fails only when the session has ended or the connection is lost.
    pub(crate) async fn take_in(&self, item: Item) -> Result<Known, ItemError> {
        let remembered = self.memory.borrow().items.get(&item.item_id);
        let is_current = |known: &Known| known.item.version >= item.version && known.is_settled();
        if let Some(known) = remembered.filter(is_current) {
            return Ok(known);
        }
        let known = match open_known(&self.account, &item) {
            Some(known) => known,
            None => return self.first_sight(item).await,
        };
        self.memory.borrow_mut().keep(known.clone());
        Ok(known)
    }

    /// Keeps these messages from being opened by a list: a client that opened one of them was ended by it. They are filed
    /// as unreadable, for every session; reading one tries again. What is no item's id is passed over.
    pub fn set_aside(&self, item_ids: &[String]) {
        let items = item_ids.iter().filter_map(|id| id.parse::<ItemId>().ok());
        self.memory.borrow_mut().set_aside.extend(items);
    }

    /// Opens a message that has no summary yet and leaves one with it.
    async fn first_sight(&self, item: Item) -> Result<Known, ItemError> {
        if self.memory.borrow().set_aside.contains(&item.item_id) {
            let content = ItemContent::of_unreadable(item.blob_id, HARMFUL);
            return self.leave_summary(item, content).await;
        }
        match self.open_mail(&item, &|_| {}).await {
            Ok(opened) => {
                let content = ItemContent::of_message(
                    item.blob_id,
                    &opened.message,
                    Some(opened.security.signature),
                );
                self.leave_summary(item, content).await
            }
            Err(error) => self.unopened(item, &error),
        }
    }

    /// Files a summary with an item that has none.
    async fn leave_summary(&self, item: Item, content: ItemContent) -> Result<Known, ItemError> {
        match self.write_item(&item, content.clone()).await {
            Ok(known) => Ok(known),
            Err(ItemError::Server(ApiError::Refused(problem)))
                if problem.code == ProblemCode::VersionConflict
                    && problem.current_item.is_some() =>
            {
                self.keep_current(ApiError::Refused(problem))?;
                let faster = self.memory.borrow().items.get(&item.item_id);
                Ok(faster.unwrap_or_else(|| Known::opened(item, content)))
            }
            // It is shown all the same; the summary is left at the next sight.
            Err(_) => Ok(Known::opened(item, content)),
        }
    }

    /// The row of a message that does not open. One that may open at the next try is tried again later.
    fn unopened(&self, item: Item, error: &OpenMessageError) -> Result<Known, ItemError> {
        match error.server() {
            Some(server) if server.is(ProblemCode::NoSession) => return Err(server.clone().into()),
            Some(ApiError::Offline) => return Err(ApiError::Offline.into()),
            _ => {}
        }
        let passing = error.is_passing();
        let known = Known::faulty(
            item.clone(),
            Fault {
                sentence: error.to_string(),
                passing,
            },
        );
        let mut memory = self.memory.borrow_mut();
        memory.keep(known.clone());
        if passing {
            memory.filling.postpone(item);
        }
        Ok(known)
    }
}
