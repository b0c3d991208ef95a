import { afterEach, describe, expect, it } from 'vitest';
import { languageChoice } from './choice.svelte';
import { coreText } from './core-text';
import english from './en';

const RUST: Record<string, string> = import.meta.glob('../../../mail-core/src/**/*.rs', {
  query: '?raw',
  import: 'default',
  eager: true,
});

afterEach(async () => {
  localStorage.clear();
  await languageChoice.choose('en');
});

describe('coreText', () => {
  it('leaves English as it is', () => {
    expect(coreText('Encrypted end to end. Anything.')).toBe('Encrypted end to end. Anything.');
  });

  it('says in the language of the page what is known, with its values, one sentence after the other', async () => {
    await languageChoice.choose('de');
    expect(coreText('Encrypted end to end. Verified: signed by bob@localhost.')).toBe(
      'Ende-zu-Ende-verschlüsselt. Bestätigt: signiert von bob@localhost.',
    );
    expect(
      coreText('The recovery code is right, but the new password could not be set. This file is empty.'),
    ).toBe(
      'Der Wiederherstellungscode stimmt, aber das neue Passwort konnte nicht gesetzt werden. Diese Datei ist leer.',
    );
    expect(coreText('“in:” has gone. Nobody knows why.')).toBe('“in:” has gone. Nobody knows why.');
  });

  it('knows no sentence that the core does not say', () => {
    const said = Object.values(RUST).join('\n');
    const strange = Object.values(english.errors).filter((text) => !pattern(text).test(said));
    expect(strange).toEqual([]);
  });
});

function pattern(template: string): RegExp {
  const literals = template.split(/\{\{\w+\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(literals.join('\\{[^}]*\\}'));
}
