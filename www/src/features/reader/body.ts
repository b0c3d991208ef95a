/** A run of a line: plain, or a link whose target is safe to follow. */
export type Token = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

/** Consecutive lines that belong together, the author's own or quoted: each ends with a line feed. */
export interface Block {
  kind: 'own' | 'quote';
  tokens: Token[];
}

const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"']+/gi;
/** A quoted line: its mark is drawn as a bar, not as a character. */
const QUOTED = /^> ?(.*)$/;
/** Ends a sentence more likely than an address. */
const TRAILING = new Set('.,;:!?\'"»”’*_~]}');
/** No address that is meant to be followed is longer; a longer one stays text. */
const MAX_LINK_CHARS = 2_048;

/** The candidate without what ends the sentence around it: punctuation, and brackets it does not open itself. */
function trimmed(candidate: string): string {
  let unopened = candidate.split(')').length - candidate.split('(').length;
  let end = candidate.length;
  for (; end > 0; end -= 1) {
    const last = candidate.charAt(end - 1);
    if (last === ')' && unopened > 0) unopened -= 1;
    else if (!TRAILING.has(last)) break;
  }
  return candidate.slice(0, end);
}

function safeHref(text: string): string | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

/** Cuts a line into text and links. Only http, https and mailto become links. */
export function linkify(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(LINK)) {
    if (match[0].length > MAX_LINK_CHARS) continue;
    const text = trimmed(match[0]);
    const href = safeHref(text);
    if (!href) continue;
    if (match.index > at) tokens.push({ kind: 'text', text: line.slice(at, match.index) });
    tokens.push({ kind: 'link', text, href });
    at = match.index + text.length;
  }
  if (at < line.length) tokens.push({ kind: 'text', text: line.slice(at) });
  return tokens;
}

/** A message's text without the blank lines at its end. */
export function bodyLines(text: string): string[] {
  return text.replace(/\r\n?/g, '\n').trimEnd().split('\n');
}

/** Cuts lines into blocks of own and of quoted ones. */
export function bodyBlocks(lines: string[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const quoted = QUOTED.exec(line);
    const kind: Block['kind'] = quoted ? 'quote' : 'own';
    const last = blocks.at(-1);
    const block = last?.kind === kind ? last : { kind, tokens: [] };
    if (block !== last) blocks.push(block);
    for (const token of linkify(quoted?.[1] ?? line)) append(block.tokens, token);
    append(block.tokens, { kind: 'text', text: '\n' });
  }
  return blocks;
}

/** Lines without a link become one text, however many they are. */
function append(tokens: Token[], token: Token): void {
  const last = tokens.at(-1);
  if (last?.kind === 'text' && token.kind === 'text') last.text += token.text;
  else tokens.push(token);
}

/**
 * Where the author's own text ends: before the quoted lines at the end, and the blank ones around them. The number of lines when
 * nothing is quoted there, or nothing else is said.
 */
export function endOfOwn(lines: string[]): number {
  let end = lines.length;
  while (end > 0 && /^(?:>|\s*$)/.test(lines[end - 1] ?? '')) end -= 1;
  const isQuoted = lines.slice(end).some((line) => line.startsWith('>'));
  return isQuoted && end > 0 ? end : lines.length;
}
