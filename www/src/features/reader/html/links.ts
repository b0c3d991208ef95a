import { t } from '../../../i18n';
/** Where links lead, and whether they say so. */

/** A link whose text is an address and which leads to another. */
export interface Mismatch {
  /** The address that is shown. */
  shown: string;
  /** The host, or the mail address, that it leads to. */
  leadsTo: string;
}

const SHOWN_HOST =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,})\.?(?::\d+)?(?:[/?#]\S*)?$/iu;
const SHOWN_MAIL = /^[^\s@/]+@((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})$/u;
const MAX_SHOWN_CHARS = 300;

/** The address that a link may lead to: pages and mail alone. Relative ones lead nowhere: a message has no place of its own. */
export function linkTarget(href: string): URL | undefined {
  const url = URL.parse(href.trim());
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : undefined;
}

/**
 * The address that a link in a message has here. One to write to opens the app anew with a message to it: the frame can tell the page
 * of nothing. What stands behind `#` is not sent to the server.
 */
export function followedAt(url: URL): string {
  return url.protocol === 'mailto:' ? `${location.origin}/mail#${url.href}` : url.href;
}

/** Where a link leads, in words for a person: without what only pretends to be the host. */
export function targetText(url: URL): string {
  if (url.protocol === 'mailto:') return t('reader:mailTo', { address: mailAddress(url) });
  const whole = `${url.protocol}//${url.host}${url.pathname}${url.search}${url.hash}`;
  return whole.length > 160 ? `${whole.slice(0, 159)}…` : whole;
}

function mailAddress(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}

/** Says so when a link's text is an address and leads to another. */
export function mismatch(text: string, url: URL): Mismatch | undefined {
  const shown = text.replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '').trim();
  if (shown.length === 0 || shown.length > MAX_SHOWN_CHARS) return undefined;
  const leadsTo = url.protocol === 'mailto:' ? mailAddress(url) : url.host;
  const mailHost = SHOWN_MAIL.exec(shown)?.[1];
  if (mailHost !== undefined) {
    const same = url.protocol === 'mailto:' && mailAddress(url).toLowerCase() === shown.toLowerCase();
    return same && !isMasked(mailHost) ? undefined : { shown, leadsTo };
  }
  const host = SHOWN_HOST.exec(shown)?.[1];
  if (host === undefined) return undefined;
  if (url.protocol === 'mailto:') return { shown, leadsTo };
  return sameSite(asciiHost(host), url.hostname) && !isMasked(host) ? undefined : { shown, leadsTo };
}

const OTHER_ALPHABETS = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;
/** Letters of Cyrillic that look like Latin ones. */
const LIKE_LATIN = /^[асԁеһіјӏорԛѕԝхуъьҽпгѵѡ0-9-]+$/u;

const CAPITALS_LIKE_LATIN = /^[АВЕЅІЈКМНОРСТХУҮԌԚԜ0-9-]+$/u;

/** Whether a host looks like another: letters of two alphabets in one of its names, or of one that look like another's. */
function isMasked(host: string): boolean {
  const names = host.split('.');
  const isCyrillic = /\p{Script=Cyrillic}/u.test(names.at(-1) ?? '');
  return names.some((name) => {
    const isMixed = /\p{Script=Latin}/u.test(name) && OTHER_ALPHABETS.test(name);
    const isLike = LIKE_LATIN.test(name) || CAPITALS_LIKE_LATIN.test(name);
    return isMixed || (!isCyrillic && /\p{Script=Cyrillic}/u.test(name) && isLike);
  });
}

/** A host as addresses have it: `münchen.example` as `xn--mnchen-3ya.example`. */
function asciiHost(host: string): string {
  return URL.parse(`https://${host}`)?.hostname ?? host.toLowerCase();
}

/** One is the other, or lies below it. */
function sameSite(one: string, other: string): boolean {
  const [a, b] = [bare(one), bare(other)];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/\.$/, '');
}
