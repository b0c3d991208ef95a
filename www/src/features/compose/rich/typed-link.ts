import { linkTarget } from '../../reader/html/links';

/** A link as a person types it: `https://` and `mailto:` may be left out. */
export function typedLink(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '' || /\s/.test(text)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)) return linkTarget(text)?.href;
  if (/^[^\s@/]+@[^\s@/]+$/.test(text)) return linkTarget(`mailto:${text}`)?.href;
  return /^[^\s/]+\.[^\s/]/.test(text) ? linkTarget(`https://${text}`)?.href : undefined;
}
