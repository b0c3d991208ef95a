import type { Piece, QueryFilter, SearchHit, SearchResults } from '../src/crypto/views';
import type { Stored } from './fake-mail';

/** Words and operators of a query, with their places. */
function termsOf(query: string): QueryFilter[] {
  return [...query.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
}

function marked(text: string, words: string[]): Piece[] {
  if (words.length === 0) return text ? [{ text, hit: false }] : [];
  const parts = text.split(new RegExp(`(${words.join('|')})`, 'i'));
  return parts.map((part, at) => ({ text: part, hit: at % 2 === 1 })).filter((piece) => piece.text !== '');
}

function hitOf({ row }: Stored, words: string[]): SearchHit {
  const subject = marked(row.subject, words);
  const snippet = marked(row.snippet, words);
  const hidden = ![...subject, ...snippet].some((piece) => piece.hit);
  const people = [{ text: row.from.name || row.from.address, hit: false }];
  return { row, outgoing: false, people, subject, snippet, hidden };
}

/** As plain a search as there can be, for the page's tests. */
export function searchFake(mail: Stored[], query: string, limit: number): SearchResults {
  const terms = termsOf(query);
  const bad = terms.find((term) => term.text.startsWith('bad:'));
  const filters = terms.filter((term) => term.text.includes(':'));
  const words = terms.filter((term) => !term.text.includes(':')).map((term) => term.text.toLowerCase());
  const found = mail.filter(({ row, view }) =>
    words.every((word) => `${row.subject} ${view.text}`.toLowerCase().includes(word)),
  );
  const hits = bad || terms.length === 0 ? [] : found.slice(0, limit).map((message) => hitOf(message, words));
  return {
    hits,
    more: hits.length > 0 && found.length > limit,
    total: hits.length > 0 ? found.length : 0,
    exact: true,
    problem: bad && { text: 'There is no filter “bad:”.', start: bad.start, end: bad.end },
    filters: bad ? [] : filters,
    blank: terms.length === 0,
  };
}
