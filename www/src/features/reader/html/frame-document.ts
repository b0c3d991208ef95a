import type { MessageHtml } from './message-html';

/** Colours of the page, for messages that have none of their own. */
export interface Paper {
  dark: boolean;
  text: string;
  background: string;
  link: string;
}

/** What mail that sets its own colours is written for. */
export const WHITE_PAPER: Paper = { dark: false, text: '#1b1f1d', background: '#ffffff', link: '#0a5fa8' };

/**
 * Ours, before the message's: a plain look. The message's rules may change it, but neither the frame's bounds nor what tells
 * where a link leads. An important rule in a layer is stronger than any outside it.
 */
function ownStyles(paper: Paper): string {
  return `@layer ours {
  :root { color-scheme: ${paper.dark ? 'dark' : 'light'} !important; }
  html, body { height: auto !important; min-height: 0 !important; max-height: none !important;
    width: auto !important; max-width: none !important; display: block !important; float: none !important; }
  html { overflow: auto !important; }
  a[data-leads-to]:is(:hover, :focus-visible, :active)::after {
    content: attr(data-leads-to) !important; position: absolute !important; inset: auto auto auto 8px !important;
    z-index: 2147483647 !important; box-sizing: border-box !important; width: max-content !important;
    max-width: calc(100vw - 16px) !important; margin: 1.6em 0 0 !important; padding: 4px 8px !important;
    border: 1px solid #777 !important; border-radius: 6px !important; background: #1f2623 !important;
    color: #fff !important; font: 13px/1.4 system-ui, sans-serif !important; text-align: start !important;
    text-transform: none !important; letter-spacing: 0 !important; white-space: normal !important;
    overflow-wrap: anywhere !important; pointer-events: none !important; opacity: 1 !important;
    direction: ltr !important; visibility: visible !important; display: block !important; }
}
body { margin: 0; padding: 12px; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  color: ${paper.text}; overflow-wrap: break-word; }
html { background: ${paper.background}; }
a { color: ${paper.link}; }
img { max-width: 100%; height: auto; }
img:not([src]) { outline: 1px dashed #8888; outline-offset: -1px; }
img:not([src])[alt=''] { display: none; }
img[width][height] { height: revert-layer; }
pre { white-space: pre-wrap; }
table { max-width: 100%; }
blockquote { margin: 0.5em 0; padding-inline-start: 1em; border-inline-start: 3px solid #8888; }`;
}

/** What a frame with this message may fetch: nothing, or pictures. The frame around it says the same. */
function policy(remote: boolean): string {
  const pictures = remote ? 'img-src data: https:' : 'img-src data:';
  return `default-src 'none'; style-src 'unsafe-inline'; ${pictures}; base-uri 'none'; form-action 'none'`;
}

/** The styles of the frame: ours and the message's. */
export function frameStyles({ styles, hasColours }: MessageHtml, theme: Paper): string {
  return `${ownStyles(hasColours ? WHITE_PAPER : theme)}\n${styles}`;
}

/** The whole document for the frame, as a string. */
export function frameMarkup(message: MessageHtml, theme: Paper, remote: boolean): string {
  // The serialised body begins and ends with its own tags, attributes and all.
  return `<!doctype html><html dir="auto"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy(
    remote,
  )}"><meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off"><title>Message</title><style>${frameStyles(
    message,
    theme,
  )}</style></head>${withoutUnsafe(message.body)}</html>`;
}

function withoutUnsafe(body: HTMLElement): string {
  if (body.localName !== 'body') return `<body>${body.innerHTML}</body>`;
  return body.outerHTML;
}
