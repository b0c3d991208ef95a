/** Accessibility: WCAG 2.2 A and AA by axe-core, on what is shown now. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';
import type { ChromiumTab } from './ui/chromium.ts';
import type { AxeResults } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails with what axe finds. */
export async function expectAccessible(tab: ChromiumTab, screen: string): Promise<void> {
  expect(await accessibilityFindings(tab), `axe on ${screen}`).toEqual([]);
}

/** What axe finds: each rule with the elements that break it. */
export async function accessibilityFindings({ page }: ChromiumTab): Promise<string[]> {
  // What is half faded in has no contrast yet.
  await page.evaluate(async () => {
    const ends = ({ effect }: Animation) => Number.isFinite(effect?.getComputedTiming().endTime);
    const ending = document.getAnimations().filter(ends);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  await page.evaluate(source);
  const violations = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const { violations } = await axe.run({ runOnly: tags });
    const modal = document.querySelector('dialog:modal');
    const isBehind = (target: unknown) => modal && !modal.contains(document.querySelector(String(target)));
    const isBelieved: Record<string, (node: AxeResults['violations'][number]['nodes'][number]) => unknown> = {
      // What is behind a modal dialog is dimmed: its contrast was looked at before the dialog opened.
      'color-contrast': ({ target: [target] }) => !isBehind(target),
      // It covers nothing of the dialog either, however high it stands among what it is with.
      'target-size': ({ any }) => {
        const covers = any.find(({ id }) => id === 'target-size')?.relatedNodes ?? [];
        return covers.length === 0 || covers.some(({ target: [target] }) => !isBehind(target));
      },
    };
    return violations
      .map(({ id, help, nodes }) => ({
        id,
        help,
        nodes: nodes.filter((node) => isBelieved[id]?.(node) ?? true),
      }))
      .filter(({ nodes }) => nodes.length > 0);
  }, TAGS);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(told).join('\n')}`);
}

/** An element with what axe measured at it. */
function told({ html, any, all, none }: AxeResults['violations'][number]['nodes'][number]): string {
  return [html, ...[...any, ...all, ...none].map(({ message }) => message)].join(' ');
}
