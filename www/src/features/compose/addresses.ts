/** Ends an address while typing or in what is pasted. White space alone does not: a display name may hold it. */
const SEPARATORS = /[,;\r\n\t]+/;
/** Those, and what begins or ends a quoted display name, in which nothing ends an address (RFC 5322, section 3.2.4). */
const MARKS = /("|[,;\r\n\t]+)/;

/** The address in `Display Name <local@domain>`, or what was typed. */
function bare(typed: string): string {
  const inBrackets = /<([^<>]+)>\s*$/.exec(typed);
  return (inBrackets?.[1] ?? typed).trim();
}

/** Cuts typed or pasted text into addresses. */
export function splitAddresses(text: string): string[] {
  // A quotation that does not end is none.
  return (unquoted(text) ?? text.split(SEPARATORS)).flatMap(inWords).map(bare).filter(Boolean);
}

/** Several addresses with nothing but space between them; a name beside one is part of it. */
function inWords(typed: string): string[] {
  const words = typed.trim().split(/\s+/);
  return words.length > 1 && words.every((word) => /^[^\s@"<>()]+@[^\s@"<>()]+$/.test(word))
    ? words
    : [typed];
}

/** Whether some address in the text is ended. */
export function hasSeparator(text: string): boolean {
  const parts = unquoted(text);
  return parts !== undefined && parts.length > 1;
}

/** Cut where addresses end; undefined while a quotation has not ended. */
function unquoted(text: string): string[] | undefined {
  const parts = [''];
  let isQuoted = false;
  for (const piece of text.split(MARKS)) {
    if (piece === '"') isQuoted = !isQuoted;
    if (!isQuoted && SEPARATORS.test(piece)) parts.push('');
    else parts.push((parts.pop() ?? '') + piece);
  }
  return isQuoted ? undefined : parts;
}

/** What is the same for two typed addresses that are one. */
export function addressKey(typed: string): string {
  return typed.toLowerCase();
}
