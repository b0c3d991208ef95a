//! Which messages belong to one conversation: those whose ids and references meet, in any order of arrival (in the manner
//! of the REFERENCES algorithm of RFC 5256, section 3). It keeps a forest of ids in which a message is one node, so that
//! a cycle of references is no more than a conversation; adding a message takes a few steps however many there are.

use std::collections::HashMap;

/// Most messages of one conversation: beyond it nothing is joined to it any more. Keeps a sender whose messages all refer
/// to one another from making one that cannot be shown.
pub(crate) const MAX_MESSAGES: u32 = 500;
const NONE: u32 = u32::MAX;

/// What is known of a message that says which others it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ties {
    /// Its id; none stands alone.
    pub(crate) id: Option<u64>,
    /// Ids of what came before it.
    pub(crate) references: Vec<u64>,
    /// Its author and base subject. Of two messages with one id, only those that have both in common are one message.
    pub(crate) print: u64,
    /// People and base subject, for a message without references; none when the subject is empty.
    pub(crate) subject: Option<SubjectTie>,
}

/// The tie of a message that names no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SubjectTie {
    /// People and base subject in one number.
    pub(crate) key: u64,
    /// Its subject says that it answers something.
    pub(crate) is_answer: bool,
    /// When it came, in milliseconds since 1970.
    pub(crate) at_ms: u64,
}

#[derive(Debug, Clone, Copy)]
struct Subject {
    node: u32,
    /// When the message came that was not an answer; none when there are answers alone.
    original_ms: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    /// Nodes below, at a root.
    weight: u32,
    /// Messages in the conversation, at a root.
    messages: u32,
    /// One of them, at a root.
    any: u32,
    /// Print of the message that has this id; 0 while none has.
    print: u64,
}

/// Conversations of messages, which are named by small numbers ("slots").
#[derive(Debug, Default)]
pub(crate) struct Threads {
    nodes: Vec<Node>,
    by_id: HashMap<u64, u32>,
    subjects: HashMap<u64, Subject>,
    /// Per slot: its node.
    node_of: Vec<u32>,
    /// Per slot: the next one of its conversation, in a ring.
    next: Vec<u32>,
}

impl Threads {
    /// Adds a message. The conversations that have changed are told, by their roots.
    pub(crate) fn add(&mut self, slot: u32, ties: &Ties, changed: &mut Vec<u32>) {
        let node = self.node_for(ties);
        for reference in &ties.references {
            let other = self.node_of_id(*reference);
            self.join(node, other, changed);
        }
        if let (Some(tie), true) = (ties.subject, ties.references.is_empty()) {
            self.tie_by_subject(node, tie, changed);
        }
        let index = slot as usize;
        if self.next.len() <= index {
            self.next.resize(index + 1, NONE);
            self.node_of.resize(index + 1, NONE);
        }
        let root = self.root(node);
        // A full conversation takes no more: the message stands alone.
        let (node, root) = if self.messages(root) < MAX_MESSAGES {
            (node, root)
        } else {
            let alone = self.new_node(ties.print);
            (alone, alone)
        };
        set(&mut self.node_of, slot, node);
        let any = self.node(root).map_or(NONE, |node| node.any);
        if any == NONE {
            set(&mut self.next, slot, slot);
        } else {
            let after = self.next_of(any);
            set(&mut self.next, slot, after);
            set(&mut self.next, any, slot);
        }
        if let Some(node) = self.nodes.get_mut(root as usize) {
            node.any = slot;
            node.messages += 1;
        }
        changed.push(root);
    }

    /// Takes a message out. What it tied together stays so.
    pub(crate) fn remove(&mut self, slot: u32, changed: &mut Vec<u32>) {
        let root = self.conversation(slot);
        let ring = self.members(slot);
        let Some(before) = ring.last().copied() else {
            return;
        };
        let after = self.next_of(slot);
        set(&mut self.next, before, after);
        set(&mut self.next, slot, NONE);
        set(&mut self.node_of, slot, NONE);
        if let Some(node) = self.nodes.get_mut(root as usize) {
            node.any = if before == slot { NONE } else { before };
            node.messages = node.messages.saturating_sub(1);
        }
        changed.push(root);
    }

    /// The conversation that a message is in, by its root.
    pub(crate) fn conversation(&self, slot: u32) -> u32 {
        let node = self.node_of.get(slot as usize).copied().unwrap_or(NONE);
        if node == NONE { NONE } else { self.root(node) }
    }

    /// The messages of the conversation that this one is in, itself first.
    pub(crate) fn members(&self, slot: u32) -> Vec<u32> {
        let mut members = Vec::new();
        let mut at = slot;
        while at != NONE && self.next_of(at) != NONE {
            members.push(at);
            at = self.next_of(at);
            if at == slot {
                break;
            }
        }
        members
    }

    /// The messages of a conversation, by its root; none when it is part of another by now.
    pub(crate) fn messages_of(&self, root: u32) -> Vec<u32> {
        match self.node(root) {
            Some(node) if node.parent == root && node.any != NONE => self.members(node.any),
            _ => Vec::new(),
        }
    }

    /// How many numbers roots are below.
    pub(crate) fn bound(&self) -> usize {
        self.nodes.len()
    }

    fn node_for(&mut self, ties: &Ties) -> u32 {
        let Some(id) = ties.id else {
            return self.new_node(ties.print);
        };
        let at = self.node_of_id(id);
        match self.nodes.get_mut(at as usize) {
            Some(node) if node.print == 0 => {
                node.print = ties.print;
                at
            }
            Some(node) if node.print == ties.print => at,
            _ => self.new_node(ties.print),
        }
    }

    fn node_of_id(&mut self, id: u64) -> u32 {
        match self.by_id.get(&id) {
            Some(node) => *node,
            None => {
                let node = self.new_node(0);
                self.by_id.insert(id, node);
                node
            }
        }
    }

    fn new_node(&mut self, print: u64) -> u32 {
        let number = u32::try_from(self.nodes.len()).unwrap_or(NONE - 1);
        self.nodes.push(Node {
            parent: number,
            weight: 1,
            messages: 0,
            any: NONE,
            print,
        });
        number
    }

    /// Joins an answer that names nothing to what it seems to answer: the same base subject among the same people.
    fn tie_by_subject(&mut self, node: u32, tie: SubjectTie, changed: &mut Vec<u32>) {
        let original_ms = (!tie.is_answer).then_some(tie.at_ms);
        let Some(known) = self.subjects.get(&tie.key).copied() else {
            self.subjects.insert(tie.key, Subject { node, original_ms });
            return;
        };
        match (known.original_ms, original_ms) {
            // Two that answer nothing are two conversations; answers from now on belong to the newer one.
            (Some(before), Some(now)) if now > before => {
                self.subjects.insert(tie.key, Subject { node, original_ms });
            }
            (Some(_), Some(_)) => {}
            // Nothing is answered before it was written.
            (Some(original), None) if tie.at_ms < original => {}
            (before, now) => {
                self.join(node, known.node, changed);
                let original_ms = before.or(now);
                let subject = Subject {
                    node: known.node,
                    original_ms,
                };
                self.subjects.insert(tie.key, subject);
            }
        }
    }

    fn join(&mut self, one: u32, other: u32, changed: &mut Vec<u32>) {
        let (one, other) = (self.root(one), self.root(other));
        if one == other || self.messages(one) + self.messages(other) > MAX_MESSAGES {
            return;
        }
        let weight = |root: u32| self.node(root).map_or(0, |node| node.weight);
        let (above, below) = if weight(one) >= weight(other) {
            (one, other)
        } else {
            (other, one)
        };
        let Some(child) = self.nodes.get_mut(below as usize) else {
            return;
        };
        let (weight, messages, any) = (child.weight, child.messages, child.any);
        child.parent = above;
        (child.messages, child.any) = (0, NONE);
        let Some(root) = self.nodes.get_mut(above as usize) else {
            return;
        };
        root.weight += weight;
        root.messages += messages;
        let kept = root.any;
        if kept == NONE {
            root.any = any;
        } else if any != NONE {
            // Two rings become one when two of their members exchange their next.
            let (of_kept, of_any) = (self.next_of(kept), self.next_of(any));
            set(&mut self.next, kept, of_any);
            set(&mut self.next, any, of_kept);
        }
        if messages > 0 {
            changed.extend([above, below]);
        }
    }

    fn root(&self, node: u32) -> u32 {
        let mut at = node;
        while let Some(found) = self.node(at) {
            if found.parent == at {
                break;
            }
            at = found.parent;
        }
        at
    }

    fn node(&self, node: u32) -> Option<&Node> {
        self.nodes.get(node as usize)
    }

    fn messages(&self, root: u32) -> u32 {
        self.node(root).map_or(0, |node| node.messages)
    }

    fn next_of(&self, slot: u32) -> u32 {
        self.next.get(slot as usize).copied().unwrap_or(NONE)
    }
}

fn set(list: &mut [u32], at: u32, value: u32) {
    if let Some(place) = list.get_mut(at as usize) {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ties(id: u64, references: &[u64]) -> Ties {
        Ties {
            id: Some(id),
            references: references.to_vec(),
            print: 1 + id,
            subject: None,
        }
    }

    fn made(messages: &[Ties]) -> Threads {
        let mut threads = Threads::default();
        for (slot, ties) in (0..).zip(messages) {
            threads.add(slot, ties, &mut Vec::new());
        }
        threads
    }

    fn group(threads: &Threads, slot: u32) -> Vec<u32> {
        let mut members = threads.members(slot);
        members.sort_unstable();
        members
    }

    fn subject(key: u64, is_answer: bool, at_ms: u64) -> Ties {
        Ties {
            id: Some(1_000 + at_ms),
            references: Vec::new(),
            print: 1,
            subject: Some(SubjectTie {
                key,
                is_answer,
                at_ms,
            }),
        }
    }

    #[test]
    fn answers_meet_what_they_answer_in_any_order_and_over_gaps() {
        let threads = made(&[
            ties(4, &[1, 2, 3]),
            ties(9, &[]),
            ties(1, &[]),
            ties(3, &[1, 2]),
        ]);
        assert_eq!(group(&threads, 0), [0, 2, 3]);
        assert_eq!(group(&threads, 1), [1]);
    }

    #[test]
    fn a_cycle_of_references_is_one_conversation() {
        let threads = made(&[ties(1, &[3]), ties(2, &[1]), ties(3, &[2])]);
        assert_eq!(group(&threads, 1), [0, 1, 2]);
    }

    #[test]
    fn two_messages_with_one_id_are_together_only_when_they_are_one_message() {
        let mut stranger = ties(1, &[]);
        stranger.print = 77;
        let threads = made(&[ties(1, &[]), ties(1, &[]), stranger, ties(2, &[1])]);
        assert_eq!(group(&threads, 0), [0, 1, 3]);
        assert_eq!(group(&threads, 2), [2]);
    }

    #[test]
    fn a_message_without_an_id_stands_alone() {
        let threads = made(&[Ties::default(), Ties::default()]);
        assert_eq!(group(&threads, 0), [0]);
    }

    #[test]
    fn the_subject_ties_answers_that_name_nothing() {
        let threads = made(&[
            subject(7, false, 10),
            subject(7, true, 11),
            subject(8, true, 12),
            subject(7, true, 5),
        ]);
        assert_eq!(group(&threads, 0), [0, 1]);
        assert_eq!(group(&threads, 2), [2]);
        assert_eq!(group(&threads, 3), [3]);
    }

    #[test]
    fn two_letters_with_one_subject_stay_two_and_answers_go_to_the_newer() {
        let threads = made(&[
            subject(7, false, 10),
            subject(7, false, 20),
            subject(7, true, 30),
        ]);
        assert_eq!(group(&threads, 0), [0]);
        assert_eq!(group(&threads, 1), [1, 2]);
    }

    #[test]
    fn a_conversation_is_bounded() {
        let many: Vec<Ties> = (0..2_000).map(|id| ties(id + 1, &[1])).collect();
        let threads = made(&many);
        assert_eq!(group(&threads, 0).len(), MAX_MESSAGES as usize);
        assert_eq!(group(&threads, 1_999), [1_999]);
    }

    #[test]
    fn what_is_told_as_changed_leads_to_every_conversation_that_did() {
        let mut threads = made(&[ties(1, &[]), ties(2, &[])]);
        let roots = [threads.conversation(0), threads.conversation(1)];
        let mut changed = Vec::new();
        threads.add(2, &ties(3, &[1, 2]), &mut changed);
        assert!(roots.iter().all(|root| changed.contains(root)));
        assert_eq!(
            changed
                .iter()
                .filter(|root| !threads.messages_of(**root).is_empty())
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            1
        );
    }

    #[test]
    fn taking_a_message_out_leaves_the_others_together() {
        let mut threads = made(&[ties(1, &[]), ties(2, &[1]), ties(3, &[2])]);
        threads.remove(1, &mut Vec::new());
        assert_eq!(group(&threads, 0), [0, 2]);
        assert_eq!(group(&threads, 1), Vec::<u32>::new());
        threads.remove(0, &mut Vec::new());
        threads.remove(2, &mut Vec::new());
        threads.add(0, &ties(2, &[1]), &mut Vec::new());
        assert_eq!(group(&threads, 0), [0]);
    }

    proptest! {
        /// Whatever the order of arrival, with removals in between: the groups are the connected parts of the graph.
        #[test]
        fn groups_are_what_references_connect(
            messages in prop::collection::vec(prop::collection::vec(0_u64..24, 0..4), 1..20),
            order in any::<prop::sample::Index>(),
        ) {
            let count = messages.len();
            let start = order.index(count);
            let mut threads = Threads::default();
            for turn in 0..count {
                let at = (start + turn) % count;
                threads.add(at as u32, &ties(at as u64, &messages[at]), &mut Vec::new());
            }
            let mut label: Vec<usize> = (0..44).collect();
            for _ in 0..44 {
                for (at, references) in messages.iter().enumerate() {
                    for reference in references {
                        let least = label[at].min(label[*reference as usize]);
                        label[at] = least;
                        label[*reference as usize] = least;
                    }
                }
            }
            for at in 0..count {
                let expected: Vec<u32> =
                    (0..count).filter(|other| label[*other] == label[at]).map(|n| n as u32).collect();
                prop_assert_eq!(group(&threads, at as u32), expected);
            }
        }
    }
}
