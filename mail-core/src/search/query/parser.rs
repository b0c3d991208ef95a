//! Terms become a query.

use super::date::Today;
use super::lexer::{Piece, Term, pieces};
use super::operator::{Operator, meant, operator};
use super::problem::{Problem, ProblemKind};
use super::{Condition, Parsed, Query};
use crate::search::field::FieldSet;
use crate::search::words::{TokenKind, each_token};

/// Most terms of one query, and most tokens of one term.
const MAX_TERMS: usize = 40;

/// Reads what was typed.
///
/// # Errors
/// The first [`Problem`].
pub(crate) fn parse(text: &str, today: Today) -> Result<Parsed, Problem> {
    let pieces = pieces(text);
    if let Some(piece) = pieces.get(MAX_TERMS) {
        let start = match piece {
            Piece::Or(range) => range.start,
            Piece::Term(term) => term.range.start,
        };
        return Err(Problem {
            kind: ProblemKind::TooLong { limit: MAX_TERMS },
            range: start..text.len(),
        });
    }
    let mut parser = Parser {
        today,
        typed_to: text.len(),
        filters: Vec::new(),
    };
    let query = parser.all(&pieces)?;
    Ok(Parsed {
        query,
        filters: parser.filters,
    })
}

struct Parser {
    today: Today,
    /// Where the person is typing: a word that ends there may be unfinished.
    typed_to: usize,
    filters: Vec<std::ops::Range<usize>>,
}

impl Parser {
    fn all(&mut self, pieces: &[Piece<'_>]) -> Result<Query, Problem> {
        let mut parts: Vec<Query> = Vec::new();
        // The alternatives under way, and the OR that the next term is to follow.
        let mut open: Vec<Query> = Vec::new();
        let mut or = None;
        for piece in pieces {
            match piece {
                Piece::Or(range) if open.is_empty() || or.is_some() => return Err(loose_or(range)),
                Piece::Or(range) => or = Some(range),
                Piece::Term(term) => {
                    let Some(part) = self.term(term)? else {
                        continue;
                    };
                    if or.take().is_none() {
                        close(&mut open, &mut parts);
                    }
                    open.push(part);
                }
            }
        }
        if let Some(range) = or {
            return Err(loose_or(range));
        }
        close(&mut open, &mut parts);
        Ok(Query::All(parts))
    }

    /// A term's query; `None` when there is nothing in it to look for.
    fn term(&mut self, term: &Term<'_>) -> Result<Option<Query>, Problem> {
        let part = match term.operator {
            Some(name) => self.operator_term(name, term)?,
            None => self.words(FieldSet::ALL, term),
        };
        Ok(part.map(|part| {
            if term.minus {
                Query::Not(Box::new(part))
            } else {
                part
            }
        }))
    }

    fn operator_term(&mut self, name: &str, term: &Term<'_>) -> Result<Option<Query>, Problem> {
        let Some(operator) = operator(name) else {
            return self.other_word(name, term);
        };
        let part = self.operator_value(operator, name, term)?;
        self.filters.push(term.range.clone());
        Ok(Some(part))
    }

    fn operator_value(
        &self,
        operator: Operator,
        name: &str,
        term: &Term<'_>,
    ) -> Result<Query, Problem> {
        let wrong = |kind| Problem {
            kind,
            range: term.value_range.clone(),
        };
        let missing = || Problem {
            kind: ProblemKind::MissingValue {
                operator: name.to_owned(),
            },
            range: term.range.clone(),
        };
        let value = term.value.trim();
        if value.is_empty() {
            return Err(missing());
        }
        let date = || {
            let operator = name.to_owned();
            self.today
                .beginning_of(value)
                .ok_or_else(|| wrong(ProblemKind::NoDate { operator }))
        };
        Ok(match operator {
            Operator::Words(fields) => self.words(fields, term).ok_or_else(missing)?,
            Operator::Before => Query::Before(date()?),
            Operator::After => Query::Since(date()?),
            Operator::Has => property(value).ok_or_else(|| wrong(ProblemKind::NoProperty))?,
            Operator::Is => state(value).ok_or_else(|| wrong(ProblemKind::NoState))?,
            Operator::In => Query::Now(place(value)),
            Operator::Label => Query::Now(Condition::Label(value.to_owned())),
        })
    }

    /// What looks like an operator and is none: a slip, or words with a colon between.
    fn other_word(&self, name: &str, term: &Term<'_>) -> Result<Option<Query>, Problem> {
        if let Some(meant) = meant(name) {
            let start = term.range.start + usize::from(term.minus);
            return Err(Problem {
                kind: ProblemKind::UnknownOperator {
                    typed: name.to_owned(),
                    meant,
                },
                range: start..start + name.len() + 1,
            });
        }
        let name = Term {
            value: name,
            value_range: 0..0,
            quoted: false,
            ..term.clone()
        };
        let parts = [&name, term].map(|term| self.words(FieldSet::ALL, term));
        Ok(all_of(parts.into_iter().flatten().collect()))
    }

    /// The words of a term: beside one another when they are quoted.
    fn words(&self, fields: FieldSet, term: &Term<'_>) -> Option<Query> {
        let mut tokens: Vec<(String, bool)> = Vec::new();
        each_token(term.value, &mut |token| match token.kind {
            TokenKind::Last { alone: false } => {}
            kind => {
                let alone = kind == TokenKind::Last { alone: true };
                if tokens.len() < MAX_TERMS {
                    tokens.push((token.folded.to_owned(), alone));
                }
            }
        });
        if term.quoted && tokens.len() > 1 {
            let tokens = tokens.into_iter().map(|(token, _)| token).collect();
            return Some(Query::Phrase { fields, tokens });
        }
        let last = tokens.len().checked_sub(1)?;
        let unfinished = !term.quoted && term.value_range.end == self.typed_to;
        let words = tokens
            .into_iter()
            .enumerate()
            .map(|(at, (token, alone))| Query::Word {
                fields,
                token,
                prefix: alone || (unfinished && at == last),
            });
        all_of(words.collect())
    }
}

fn loose_or(range: &std::ops::Range<usize>) -> Problem {
    Problem {
        kind: ProblemKind::LooseOr,
        range: range.clone(),
    }
}

/// Ends the alternatives under way.
fn close(open: &mut Vec<Query>, parts: &mut Vec<Query>) {
    match open.len() {
        0 => {}
        1 => parts.append(open),
        _ => parts.push(Query::Any(std::mem::take(open))),
    }
}

fn all_of(mut parts: Vec<Query>) -> Option<Query> {
    if parts.len() > 1 {
        return Some(Query::All(parts));
    }
    parts.pop()
}

fn property(value: &str) -> Option<Query> {
    let known = ["attachment", "attachments", "file", "files"];
    known
        .iter()
        .any(|word| word.eq_ignore_ascii_case(value))
        .then_some(Query::Attachment)
}

fn state(value: &str) -> Option<Query> {
    let condition = match value.to_ascii_lowercase().as_str() {
        "unread" => Query::Now(Condition::Unread),
        "read" => Query::Not(Box::new(Query::Now(Condition::Unread))),
        "starred" => Query::Now(Condition::Starred),
        _ => return None,
    };
    Some(condition)
}

fn place(value: &str) -> Condition {
    match value.to_ascii_lowercase().as_str() {
        "anywhere" | "all" => Condition::Anywhere,
        _ => Condition::In(value.to_owned()),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
