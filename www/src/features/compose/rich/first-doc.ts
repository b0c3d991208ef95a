/** What the editor begins with. */
import { Fragment, type Node } from 'prosemirror-model';
import type { Draft, Quote, Signature } from '../../../crypto/views';
import { mailCleaner, type Clean } from '../../reader/html/trusted';
import { blocksOf, blocksOfText, docOf, docOfText } from './from-html';
import { schema } from './schema';

/** What a window begins with, before anything is written. */
export interface Beginning {
  /** The text without the signature. */
  text: string;
  signature: Signature | undefined;
}

/** A draft's words as a document, signed if it begins so. HTML that cannot be cleaned here is left for its plain text. */
export async function firstDoc(draft: Draft, beginning: Beginning | undefined): Promise<Node> {
  const doc = await unsigned({ ...draft, text: beginning?.text ?? draft.text });
  const signature = beginning?.signature && (await signatureNode(beginning.signature));
  if (!signature) return doc;
  // One writes above it, and what is answered stands below.
  const empty = schema.node('paragraph');
  const below = doc.textContent === '' && doc.childCount === 1 ? Fragment.empty : doc.content;
  return schema.node('doc', null, Fragment.from([empty, empty, signature]).append(below));
}

/** A signature as the block that it is in a document. */
export async function signatureNode({ text, html }: Signature): Promise<Node> {
  const clean = html === undefined ? undefined : await mailCleaner().catch(() => undefined);
  const blocks = clean && html !== undefined ? blocksOf(clean(html)) : Fragment.from(blocksOfText(text));
  return schema.node('signature', null, blocks);
}

async function unsigned({ text, html, quote, attachments }: Draft): Promise<Node> {
  if (html === undefined && !quote) return docOfText(text);
  const clean = await mailCleaner().catch(() => undefined);
  if (!clean) return docOfText(text);
  const contentIds = new Set(attachments?.flatMap(({ contentId }) => contentId ?? []));
  if (quote) return quoting(quote, clean, contentIds);
  return docOf({ root: clean(html ?? ''), contentIds });
}

function quoting({ opening, forwarded, bodies }: Quote, clean: Clean, contentIds: ReadonlySet<string>): Node {
  const above = blocksOfText(`\n\n${opening}${forwarded ? '\n' : ''}`);
  // Each part is read by itself, so that none can enclose another.
  const parts = bodies.map((body) =>
    body.kind === 'html'
      ? docOf({ root: clean(body.html), contentIds }).content
      : Fragment.from(blocksOfText(body.text)),
  );
  const quoted = parts.reduce((all, part) => all.append(part), Fragment.empty);
  const below = forwarded ? quoted : Fragment.from(schema.node('blockquote', null, quoted));
  return schema.node('doc', null, Fragment.from(above).append(below));
}
