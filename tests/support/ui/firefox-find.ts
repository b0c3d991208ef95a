/** Runs in the page: finds what a target speaks of. It is sent there as text, so it refers to nothing outside itself. */
import type { queries } from '@testing-library/dom';

/** What is known of the elements that fit a target. */
export interface Probe {
  texts: string[];
  values: string[];
  descriptions: string[];
  visible: number;
  focused: boolean;
  enabled: boolean;
  /** Where the first visible one is. */
  box: string;
}

export interface Found {
  first: Element | null;
  probe: Probe;
}

export function find(json: string): Found {
  interface Sent {
    role?: string;
    name?: unknown;
    label?: unknown;
    text?: unknown;
    within?: Sent;
    first?: boolean;
  }
  const library = (window as unknown as { TestingLibraryDom: typeof queries }).TestingLibraryDom;
  const name = (sent: unknown): string | RegExp => {
    if (typeof sent === 'string') return sent;
    const { source, flags } = sent as { source: string; flags: string };
    return new RegExp(source, flags);
  };
  const all = (target: Sent): HTMLElement[] => {
    const scopes = target.within ? all(target.within) : [document.body];
    return scopes.flatMap((scope) => {
      if (target.label !== undefined) return library.queryAllByLabelText(scope, name(target.label));
      if (target.text !== undefined) return library.queryAllByText(scope, name(target.text));
      const options = target.name === undefined ? {} : { name: name(target.name) };
      const found = library.queryAllByRole(scope, target.role ?? '', options);
      return target.first ? found.slice(0, 1) : found;
    });
  };
  const isVisible = (element: HTMLElement) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const description = (element: HTMLElement) => {
    const ids = element.getAttribute('aria-describedby')?.split(/\s+/) ?? [];
    return ids.map((id) => document.getElementById(id)?.innerText ?? '').join(' ');
  };
  const elements = all(JSON.parse(json) as Sent);
  const visible = elements.filter(isVisible);
  const first = visible[0] ?? null;
  return {
    first,
    probe: {
      texts: elements.map((element) => element.innerText),
      values: elements.map((element) =>
        element.isContentEditable
          ? element.innerText.replace(/\n$/, '')
          : (element as HTMLInputElement).value,
      ),
      descriptions: elements.map(description),
      visible: visible.length,
      focused: elements.includes(document.activeElement as HTMLElement),
      box: JSON.stringify(first?.getBoundingClientRect() ?? null),
      enabled: !first?.matches(':disabled, [aria-disabled="true"]'),
    },
  };
}
