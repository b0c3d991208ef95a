/**
 * The one file that may turn a string into HTML. What a stranger wrote is parsed and cleaned by DOMPurify in a hidden frame in
 * which nothing runs and nothing is fetched, because a browser that parses it in the page would hold it against the page's policy. What
 * comes out is changed as nodes alone, and becomes a string again for another frame in which nothing runs. See decision
 * 0024.
 */
import type { Config, WindowLike } from 'dompurify';
import { LAYING_OUT } from './elements';

interface HtmlPolicy {
  createHTML(html: string): string;
}

interface HtmlPolicyFactory {
  createPolicy(name: string, rules: HtmlPolicy): HtmlPolicy;
}

/** Lets HTML through unchanged, so it stays in this file: the markup of sealed frames is written with it. */
const policy = (window.trustedTypes as unknown as HtmlPolicyFactory | undefined)?.createPolicy('smail-mail', {
  createHTML: (html) => html,
});

/** A document around what lays out, and its styles. */
const TAGS = ['html', 'head', 'body', 'style', ...LAYING_OUT];

const ATTRIBUTES = [
  ...[
    'align',
    'alt',
    'background',
    'bgcolor',
    'border',
    'cellpadding',
    'cellspacing',
    'class',
    'color',
    'colspan',
  ],
  ...[
    'dir',
    'face',
    'height',
    'href',
    'hspace',
    'id',
    'lang',
    'nowrap',
    'reversed',
    'rowspan',
    'rules',
    'scope',
  ],
  ...['size', 'span', 'src', 'start', 'style', 'text', 'title', 'type', 'valign', 'value', 'vspace', 'width'],
];

/** Addresses that may stand in an attribute at this point, and words and numbers; what becomes of them is decided element by element. */
const ADDRESSES =
  /^(?:(?:https?|mailto|cid):|data:image\/(?:png|gif|jpe?g|webp|bmp|avif);base64,|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;

const CONFIG: Config = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOWED_URI_REGEXP: ADDRESSES,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // What these hold is no text for a reader, as that of scripts, drawings and titles is none.
  ADD_FORBID_CONTENTS: ['select', 'object', 'datalist', 'canvas'],
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
};

/** Cleans what a stranger wrote. The nodes belong to a document that is never shown. */
export type Clean = (html: string) => HTMLElement;

/** A frame of this origin in which nothing runs. */
const LABORATORY = '/mail-laboratory.html';
let cleaner: Promise<Clean> | undefined;

/** What cleans mail, as soon as its frame is there. Rejects when the browser refuses the frame. */
export function mailCleaner(): Promise<Clean> {
  cleaner ??= Promise.all([import('dompurify'), laboratory()]).then(([{ default: createCleaner }, place]) => {
    const purify = createCleaner(place);
    return (html) => purify.sanitize(withoutHandlers(html), CONFIG) as unknown as HTMLElement;
  });
  return cleaner;
}

/**
 * Gives attributes that would be event handlers another name. DOMPurify takes them away whatever they are called; but the browser notes
 * each one that it meets on the console, as an attempt to run a script.
 */
function withoutHandlers(html: string): string {
  return html.replace(/<[a-z!?/][^>]*/gi, (tag) => tag.replace(/([\s"'/])on(?=[a-z]+\s*=)/gi, '$1no-'));
}

function laboratory(): Promise<WindowLike> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.hidden = true;
  frame.title = 'Cleaning of mail';
  frame.src = LABORATORY;
  return new Promise((resolve, reject) => {
    frame.addEventListener('load', () => {
      const place = frame.contentWindow as (WindowLike & Window) | null;
      if (frame.contentDocument?.location.pathname === LABORATORY && place) resolve(place);
      else reject(new Error('the frame in which mail is cleaned did not load'));
    });
    document.body.append(frame);
  });
}

/** A frame of its own origin, in which nothing runs, with this document in it. Links open elsewhere. */
export function sealedFrame(markup: string, title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  frame.title = title;
  frame.srcdoc = policy?.createHTML(markup) ?? markup;
  return frame;
}
