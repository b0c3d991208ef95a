/** How the programs that people write mail with mark the message that is answered. */
const QUOTE = [
  'blockquote[type="cite"]',
  'blockquote.gmail_quote',
  '.gmail_quote',
  '.gmail_quote_container',
  '.yahoo_quoted',
  '.protonmail_quote',
  '.tutanota_quote',
  '#divRplyFwdMsg',
  '#appendonsend',
  '.moz-cite-prefix',
].join(',');

/** Marks where the answered message begins and that are followed by it, instead of holding it. */
const BEGINNING = '#divRplyFwdMsg, #appendonsend, .moz-cite-prefix';

/**
 * The quoted text at the end of a message, as the nodes that make it up; nothing when there is none, when something follows it,
 * or when there is nothing else to read.
 */
export function foldableQuote(body: HTMLElement): ChildNode[] | undefined {
  const quotes = [...body.querySelectorAll(QUOTE)].filter((quote) => !quote.parentElement?.closest(QUOTE));
  for (const quote of quotes) {
    const nodes = quote.matches(BEGINNING) ? [quote, ...following(quote)] : [quote, ...trailingQuotes(quote)];
    const last = nodes.at(-1);
    if (last && !hasText(after(last, body)) && hasText(before(quote, body))) return nodes;
  }
  return undefined;
}

function following(node: ChildNode): ChildNode[] {
  const siblings: ChildNode[] = [];
  for (let next = node.nextSibling; next; next = next.nextSibling) siblings.push(next);
  return siblings;
}

/** Quotes and white space right behind a quote. */
function trailingQuotes(quote: Element): ChildNode[] {
  const siblings: ChildNode[] = [];
  for (let next = quote.nextSibling; next; next = next.nextSibling) {
    const isQuote = next.nodeType === 1 && (next as Element).matches(QUOTE);
    if (!isQuote && hasText([next])) break;
    siblings.push(next);
  }
  return siblings;
}

/** What follows a node up to the end of the body, without what is inside it. */
function after(node: ChildNode, body: HTMLElement): Node[] {
  const found: Node[] = [];
  for (let at: ChildNode | null = node; at && at !== body; at = at.parentElement)
    found.push(...following(at));
  return found;
}

function before(node: ChildNode, body: HTMLElement): Node[] {
  const found: Node[] = [];
  for (let at: ChildNode | null = node; at && at !== body; at = at.parentElement) {
    for (let previous = at.previousSibling; previous; previous = previous.previousSibling)
      found.push(previous);
  }
  return found;
}

/** Whether there is something to read or see. */
function hasText(nodes: Node[]): boolean {
  return nodes.some(
    (node) =>
      node.textContent?.trim() !== '' ||
      (node.nodeType === 1 &&
        ((node as Element).localName === 'img' || (node as Element).querySelector('img') !== null)),
  );
}
