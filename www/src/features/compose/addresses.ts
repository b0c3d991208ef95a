/** Ends an address while typing or in what is pasted. White space alone does not: a display name may hold it. */
const SEPARATORS = /[,;\r\n\t]+/;

/** The address in `Display Name <local@domain>`, or what was typed. */
function bare(typed: string): string {
  const inBrackets = /<([^<>]+)>\s*$/.exec(typed);
  return (inBrackets?.[1] ?? typed).trim();
}

/** Cuts typed or pasted text into addresses. */
export function splitAddresses(text: string): string[] {
  return text.split(SEPARATORS).map(bare).filter(Boolean);
}

/** Whether some address in the text is ended. */
export function hasSeparator(text: string): boolean {
  return SEPARATORS.test(text);
}

/** Whether two typed addresses are the same one. */
export function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
