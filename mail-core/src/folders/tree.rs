//! The folders that a person has made, as a tree: a list in the order in which they are shown, each with its depth. A
//! folder's own are those behind it that are deeper. So there is nothing in it that could contradict itself.

use super::error::FolderError;
use super::name::is_same_name;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smail_protocol::limits::MAX_MAILBOXES;
use smail_protocol::{Bytes, MailboxId};
use std::ops::Range;

/// How deep folders may be nested: a folder at the top is one level.
pub(crate) const MAX_LEVELS: usize = 8;
/// Most folders that a person can make: what is left of the mailboxes besides the roles', with some for what comes.
pub(crate) const MAX_FOLDERS: usize = MAX_MAILBOXES - 20;
/// Names at the top that are taken: those of the folders that every account has.
const BUILT_IN: [&str; 7] = [
    "Inbox", "Snoozed", "Sent", "Drafts", "Archive", "Spam", "Trash",
];

/// One folder. Short words and ids, so that a thousand fit into one sealed object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Node {
    #[serde(with = "short_id")]
    pub(crate) id: MailboxId,
    pub(crate) name: String,
    /// 0 at the top.
    #[serde(default, skip_serializing_if = "is_zero")]
    depth: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
const fn is_zero(depth: &usize) -> bool {
    *depth == 0
}

/// A folder with all inside it, taken away, and where it was.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    nodes: Vec<Node>,
    parent: Option<MailboxId>,
    before: Option<MailboxId>,
}

impl Cut {
    /// The folder first, then all inside it.
    pub(crate) fn ids(&self) -> impl Iterator<Item = MailboxId> {
        self.nodes.iter().map(|node| node.id)
    }

    /// Whether it is this folder with what was inside it.
    pub(crate) fn is_of(&self, id: MailboxId) -> bool {
        self.ids().next() == Some(id)
    }
}

/// The tree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FolderTree(Vec<Node>);

impl FolderTree {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.0
    }

    pub(crate) fn contains(&self, id: MailboxId) -> bool {
        self.place(id).is_some()
    }

    /// The folder that this one is in; `None` at the top.
    pub(crate) fn parent(&self, id: MailboxId) -> Option<MailboxId> {
        let at = self.place(id)?;
        let depth = self.0.get(at)?.depth;
        let before = self.0.get(..at)?;
        before
            .iter()
            .rev()
            .find(|node| node.depth < depth)
            .map(|node| node.id)
    }

    /// A folder and all inside it.
    pub(crate) fn family(&self, id: MailboxId) -> Vec<MailboxId> {
        let Some(range) = self.range(id) else {
            return Vec::new();
        };
        self.0
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|node| node.id)
            .collect()
    }

    /// Adds a folder as the last one in `parent`.
    pub(crate) fn add(
        &mut self,
        id: MailboxId,
        name: String,
        parent: Option<MailboxId>,
    ) -> Result<(), FolderError> {
        if self.0.len() >= MAX_FOLDERS {
            return Err(FolderError::TooMany);
        }
        let (end, depth) = self.end_of(parent)?;
        if depth >= MAX_LEVELS {
            return Err(FolderError::TooDeep);
        }
        self.need_free_name(&name, parent, None)?;
        self.0.insert(end, Node { id, name, depth });
        Ok(())
    }

    pub(crate) fn rename(&mut self, id: MailboxId, name: String) -> Result<(), FolderError> {
        let at = self.place(id).ok_or(FolderError::Gone)?;
        self.need_free_name(&name, self.parent(id), Some(id))?;
        if let Some(node) = self.0.get_mut(at) {
            node.name = name;
        }
        Ok(())
    }

    /// Takes a folder with all inside it into `parent`, before that one of its folders, or as the last.
    pub(crate) fn relocate(
        &mut self,
        id: MailboxId,
        parent: Option<MailboxId>,
        before: Option<MailboxId>,
    ) -> Result<(), FolderError> {
        let family = self.family(id);
        if parent.is_some_and(|parent| family.contains(&parent)) {
            return Err(FolderError::IntoItself);
        }
        let mut rest = self.clone();
        let moved = rest.take_out(id);
        rest.put_in(moved, parent, before)?;
        *self = rest;
        Ok(())
    }

    /// Takes a folder and all inside it away; none when it is not there.
    pub(crate) fn remove(&mut self, id: MailboxId) -> Option<Cut> {
        let range = self.range(id)?;
        let parent = self.parent(id);
        let next = self.0.get(range.end).map(|node| node.id);
        Some(Cut {
            before: next.filter(|next| self.parent(*next) == parent),
            parent,
            nodes: self.take_out(id),
        })
    }

    /// Puts back what was taken away: where it was, as far as that is still there, or at the top.
    pub(crate) fn put_back(&mut self, cut: &Cut) -> Result<(), FolderError> {
        if cut.ids().any(|id| self.contains(id)) {
            return Ok(()); // another try was first
        }
        if self.0.len() + cut.nodes.len() > MAX_FOLDERS {
            return Err(FolderError::TooMany);
        }
        let parent = cut.parent.filter(|parent| self.contains(*parent));
        self.put_in(cut.nodes.clone(), parent, cut.before)
    }

    /// Puts right what no client of ours has written: a folder deeper than one level below the one before it.
    pub(crate) fn mended(mut self) -> Self {
        let mut deepest = 0;
        for node in &mut self.0 {
            node.depth = node.depth.min(deepest).min(MAX_LEVELS - 1);
            deepest = node.depth + 1;
        }
        self
    }

    /// Puts a folder with all inside it into `parent`, before that one of its folders, or as the last.
    fn put_in(
        &mut self,
        mut nodes: Vec<Node>,
        parent: Option<MailboxId>,
        before: Option<MailboxId>,
    ) -> Result<(), FolderError> {
        let top = nodes.first().cloned().ok_or(FolderError::Gone)?;
        self.need_free_name(&top.name, parent, Some(top.id))?;
        let (end, depth) = self.end_of(parent)?;
        let height = nodes.iter().map(|node| node.depth - top.depth).max();
        if depth + height.unwrap_or(0) >= MAX_LEVELS {
            return Err(FolderError::TooDeep);
        }
        for node in &mut nodes {
            node.depth = node.depth - top.depth + depth;
        }
        let at = before
            .filter(|before| self.contains(*before) && self.parent(*before) == parent)
            .and_then(|before| self.place(before))
            .unwrap_or(end);
        self.0.splice(at..at, nodes);
        Ok(())
    }

    fn take_out(&mut self, id: MailboxId) -> Vec<Node> {
        match self.range(id) {
            Some(range) => self.0.drain(range).collect(),
            None => Vec::new(),
        }
    }

    fn place(&self, id: MailboxId) -> Option<usize> {
        self.0.iter().position(|node| node.id == id)
    }

    /// Where a folder and all inside it stand.
    fn range(&self, id: MailboxId) -> Option<Range<usize>> {
        let at = self.place(id)?;
        let depth = self.0.get(at)?.depth;
        let inside = self.0.get(at + 1..)?;
        let length = inside.iter().take_while(|node| node.depth > depth).count();
        Some(at..at + 1 + length)
    }

    /// Where the next folder in `parent` goes, and its depth.
    fn end_of(&self, parent: Option<MailboxId>) -> Result<(usize, usize), FolderError> {
        let Some(parent) = parent else {
            return Ok((self.0.len(), 0));
        };
        let range = self.range(parent).ok_or(FolderError::Gone)?;
        let depth = self.0.get(range.start).map_or(0, |node| node.depth);
        Ok((range.end, depth + 1))
    }

    fn need_free_name(
        &self,
        name: &str,
        parent: Option<MailboxId>,
        own: Option<MailboxId>,
    ) -> Result<(), FolderError> {
        let built_in = parent.is_none() && BUILT_IN.iter().any(|taken| is_same_name(taken, name));
        let taken = self.0.iter().any(|node| {
            Some(node.id) != own && is_same_name(&node.name, name) && self.parent(node.id) == parent
        });
        if built_in || taken {
            return Err(FolderError::NameTaken);
        }
        Ok(())
    }
}

/// A mailbox id as 22 characters of base64url.
mod short_id {
    use super::{Bytes, Deserialize, Deserializer, MailboxId, Serialize, Serializer};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(id: &MailboxId, to: S) -> Result<S::Ok, S::Error> {
        Bytes::from(id.as_bytes().to_vec()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<MailboxId, D::Error> {
        let bytes = Bytes::deserialize(from)?;
        <[u8; 16]>::try_from(bytes.as_slice())
            .map(MailboxId::from_bytes)
            .map_err(|_| D::Error::custom("a mailbox id is 16 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u16) -> MailboxId {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        MailboxId::from_bytes(bytes)
    }

    /// Work (1) with Alpha (2) with Notes (3), and Beta (4); then Home (5).
    fn tree() -> FolderTree {
        let mut tree = FolderTree::default();
        tree.add(id(1), "Work".into(), None).unwrap();
        tree.add(id(5), "Home".into(), None).unwrap();
        tree.add(id(2), "Alpha".into(), Some(id(1))).unwrap();
        tree.add(id(4), "Beta".into(), Some(id(1))).unwrap();
        tree.add(id(3), "Notes".into(), Some(id(2))).unwrap();
        tree
    }

    fn shape(tree: &FolderTree) -> String {
        let line = |node: &Node| format!("{}{}", "-".repeat(node.depth), node.name);
        tree.0.iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn folders_stand_in_the_order_they_are_shown() {
        let tree = tree();
        assert_eq!(shape(&tree), "Work -Alpha --Notes -Beta Home");
        assert_eq!(tree.parent(id(3)), Some(id(2)));
        assert_eq!(tree.parent(id(5)), None);
        assert_eq!(tree.family(id(1)), [id(1), id(2), id(3), id(4)]);
    }

    #[test]
    fn a_folder_moves_with_all_inside_it() {
        let mut tree = tree();
        tree.relocate(id(2), Some(id(5)), None).unwrap();
        assert_eq!(shape(&tree), "Work -Beta Home -Alpha --Notes");
        tree.relocate(id(5), None, Some(id(1))).unwrap();
        assert_eq!(shape(&tree), "Home -Alpha --Notes Work -Beta");
        tree.relocate(id(3), None, None).unwrap();
        assert_eq!(shape(&tree), "Home -Alpha Work -Beta Notes");
        let refused = tree.relocate(id(5), Some(id(2)), None);
        assert!(matches!(refused, Err(FolderError::IntoItself)));
        // Of another parent: it is none of the folders to stand before.
        tree.relocate(id(4), None, Some(id(2))).unwrap();
        assert_eq!(shape(&tree), "Home -Alpha Work Notes Beta");
    }

    #[test]
    fn a_name_is_taken_once_in_one_place() {
        let mut tree = tree();
        let taken = |outcome| matches!(outcome, Err(FolderError::NameTaken));
        assert!(taken(tree.add(id(9), "ALPHA".into(), Some(id(1)))));
        assert!(taken(tree.add(id(9), "inbox".into(), None)));
        assert!(taken(tree.rename(id(4), "alpha".into())));
        tree.add(id(9), "Inbox".into(), Some(id(1))).unwrap();
        tree.rename(id(2), "ALPHA".into()).unwrap();
        tree.add(id(10), "Alpha".into(), None).unwrap();
        assert!(taken(tree.relocate(id(10), Some(id(1)), None)));
    }

    #[test]
    fn depth_and_number_have_an_end() {
        let mut tree = FolderTree::default();
        tree.add(id(0), "0".into(), None).unwrap();
        for level in 1..MAX_LEVELS as u16 {
            tree.add(id(level), level.to_string(), Some(id(level - 1)))
                .unwrap();
        }
        let deep = tree.add(id(50), "x".into(), Some(id(MAX_LEVELS as u16 - 1)));
        assert!(matches!(deep, Err(FolderError::TooDeep)));
        tree.add(id(50), "x".into(), None).unwrap();
        let deep = tree.relocate(id(0), Some(id(50)), None);
        assert!(matches!(deep, Err(FolderError::TooDeep)));
        for number in tree.0.len()..MAX_FOLDERS {
            let number = 100 + number as u16;
            tree.add(id(number), format!("Folder {number:05}"), None)
                .unwrap();
        }
        let many = tree.add(id(9_999), "y".into(), None);
        assert!(matches!(many, Err(FolderError::TooMany)));
        // All of them, with names of twelve characters, fit into one sealed object.
        let json = serde_json::to_vec(&tree).unwrap();
        assert!(json.len() < 56_000, "{}", json.len());
    }

    /// Frozen: what was written once must open for ever.
    #[test]
    fn it_reads_what_it_wrote_and_mends_what_it_never_would() {
        let json = r#"[{"id":"AAEAAAAAAAAAAAAAAAAAAA","name":"Work"},{"id":"AAIAAAAAAAAAAAAAAAAAAA","name":"Alpha","depth":1}]"#;
        let read: FolderTree = serde_json::from_str(json).unwrap();
        assert_eq!(shape(&read), "Work -Alpha");
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        let odd: FolderTree = serde_json::from_str(&json.replace(":1}", ":700}")).unwrap();
        assert_eq!(shape(&odd.mended()), "Work -Alpha");
        assert!(tree().remove(id(77)).is_none());
    }

    #[test]
    fn what_was_taken_away_comes_back_where_it_was() {
        let mut tree = tree();
        let before = tree.clone();
        let alpha = tree.remove(id(2)).unwrap();
        assert_eq!(shape(&tree), "Work -Beta Home");
        tree.put_back(&alpha).unwrap();
        assert_eq!(tree, before);
        tree.put_back(&alpha).unwrap();
        assert_eq!(tree, before);

        // What it was in is gone: at the top. Its name is taken there: refused, and nothing is changed.
        let alpha = tree.remove(id(2)).unwrap();
        tree.remove(id(1)).unwrap();
        let mut taken = tree.clone();
        taken.add(id(9), "alpha".into(), None).unwrap();
        let refused = taken.put_back(&alpha);
        assert!(matches!(refused, Err(FolderError::NameTaken)));
        assert_eq!(shape(&taken), "Home alpha");
        tree.put_back(&alpha).unwrap();
        assert_eq!(shape(&tree), "Home Alpha -Notes");
    }
}
