/** The styles of a message, made such that they fetch nothing, hide nothing of ours, and fit a frame as high as its text. */

/** What an address in a style may become. */
export type StyleAddress = (address: string) => string | undefined;

/** Properties kept, as they stand or as the beginning of a longer name. */
const KEPT =
  /^(?:background(?:-.+)?|border(?:-.+)?|caption-side|clear|color|column(?:-.+|s)?|direction|display|empty-cells|flex(?:-.+)?|float|font(?:-.+)?|gap|grid(?:-.+)?|height|hyphens|inline-size|block-size|justify-.+|letter-spacing|line-break|line-height|list-style(?:-.+)?|margin(?:-.+)?|max-height|max-width|min-height|min-width|object-fit|opacity|order|orphans|outline(?:-.+)?|overflow-wrap|padding(?:-.+)?|row-gap|table-layout|text(?:-.+)?|unicode-bidi|vertical-align|visibility|white-space(?:-.+)?|widows|width|word-.+|writing-mode|align-.+|box-sizing|box-shadow|mso-.+)$/;

/** Values that reach out of the style: addresses, and functions that read attributes or make more of what they are given. */
const REACHING =
  /url\(|image-set|cross-fade|src\(|attr\(|element\(|paint\(|expression|env\(|-moz-|@import|javascript:/i;
/** Lengths that follow the frame's height, which follows the text's. */
const OF_THE_FRAME = /\d(?:[sdl]?v(?:h|min|max|b))\b/i;
const ADDRESS = /url\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|([^"')\s\\]*))\s*\)/gi;
/** Selectors that could draw text, follow the reader's pointer, or ask what is visited. */
const REFUSED_SELECTOR =
  /::|:(?:before|after|first-l|first-line|visited|link|hover|active|focus|target|has|host|part)/i;

/** A property that may stay, with its value; nothing for one that may not. */
function kept(property: string, value: string, address: StyleAddress): string | undefined {
  const name = property.toLowerCase();
  if (!KEPT.test(name) || OF_THE_FRAME.test(value) || /[<\\]/.test(value)) return undefined;
  if (!REACHING.test(value)) return value;
  if (!/^background(?:-image)?$/.test(name)) return undefined;
  const addresses = [...value.matchAll(ADDRESS)].map((found) =>
    address(found[1] ?? found[2] ?? found[3] ?? ''),
  );
  const isAllowed = addresses.every((shown) => shown !== undefined && !/["\\]/.test(shown));
  if (!isAllowed || REACHING.test(value.replace(ADDRESS, ''))) return undefined;
  return value.replace(ADDRESS, () => `url("${addresses.shift() ?? ''}")`);
}

/** Declarations as one string, those that may stay. */
export function cleanDeclarations(style: CSSStyleDeclaration, address: StyleAddress): string {
  const lines: string[] = [];
  for (const property of Array.from(style)) {
    const value = kept(property, style.getPropertyValue(property), address);
    if (value === undefined || value === '') continue;
    const priority = style.getPropertyPriority(property) ? ' !important' : '';
    lines.push(`${property}: ${value}${priority};`);
  }
  return lines.join(' ');
}

/** A style attribute, cleaned. It is read by the browser, in a sheet that belongs to no page. */
export function cleanStyleAttribute(text: string, address: StyleAddress): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`x { ${text} }`);
  const [rule] = Array.from(sheet.cssRules);
  return rule instanceof CSSStyleRule ? cleanDeclarations(rule.style, address) : '';
}

/** A style sheet, cleaned: plain rules, and those for a width of the window. */
export function cleanSheet(text: string, address: StyleAddress): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text.replace(/<!--|-->/g, ' '));
  return cleanRules(sheet.cssRules, address);
}

/** Most rules of one sheet that are looked at. */
const MAX_RULES = 5_000;

function cleanRules(rules: CSSRuleList, address: StyleAddress): string {
  return Array.from(rules)
    .slice(0, MAX_RULES)
    .map((rule) => cleanRule(rule, address))
    .filter((text) => text !== '')
    .join('\n');
}

function cleanRule(rule: CSSRule, address: StyleAddress): string {
  if (rule instanceof CSSMediaRule) {
    const condition = rule.conditionText;
    // A dark form of the message would meet a light frame.
    if (/prefers-color-scheme/i.test(condition) || /[<>{}\\]/.test(condition)) return '';
    const inner = cleanRules(rule.cssRules, address);
    return inner && `@media ${condition} {\n${inner}\n}`;
  }
  if (!(rule instanceof CSSStyleRule)) return '';
  const selector = rule.selectorText;
  if (REFUSED_SELECTOR.test(selector) || /[<{}\\]/.test(selector)) return '';
  const declarations = cleanDeclarations(rule.style, address);
  return declarations && `${selector} { ${declarations} }`;
}
