/** A run of a line: plain, or a link whose target is safe to follow. */
export type Token = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

/** Consecutive lines that belong together: the author's own, or quoted. */
export interface Block {
  kind: 'own' | 'quote';
  lines: Token[][];
}

const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"']+/gi;
/** A quoted line: its mark is drawn as a bar, not as a character. */
const QUOTED = /^> ?(.*)$/;
/** Ends a sentence more likely than an address. */
const TRAILING = /[.,;:!?'"»”’*_~\]}]+$/u;

function trimmed(candidate: string): string {
  const link = candidate.replace(TRAILING, '');
  const opened = link.split('(').length;
  const closed = link.split(')').length;
  return closed > opened && link.endsWith(')') ? trimmed(link.slice(0, -1)) : link;
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

/** Cuts a message's text into blocks of own and of quoted lines. */
export function bodyBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').trimEnd().split('\n')) {
    const quoted = QUOTED.exec(line);
    const kind = quoted ? 'quote' : 'own';
    const tokens = linkify(quoted?.[1] ?? line);
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(tokens);
    else blocks.push({ kind, lines: [tokens] });
  }
  return blocks;
}
