import { afterEach, describe, expect, it } from 'vitest';
import { languageChoice } from './choice.svelte';
import { coreText } from './core-text';

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

  it('says what stands in a gap in the language, too', async () => {
    await languageChoice.choose('de');
    expect(
      coreText(
        'Encrypted end to end. Signed by a key of bob@localhost that must not be used: this key has expired.',
      ),
    ).toBe(
      'Ende-zu-Ende-verschlüsselt. Mit einem Schlüssel von bob@localhost signiert, der nicht verwendet werden darf: dieser Schlüssel ist abgelaufen.',
    );
    expect(
      coreText(
        'The recovery code is right, but the new password could not be set. Too many attempts. Try again in 1 second.',
      ),
    ).toBe(
      'Der Wiederherstellungscode stimmt, aber das neue Passwort konnte nicht gesetzt werden. Zu viele Versuche. Versuchen Sie es in 1 Sekunde erneut.',
    );
  });

  it('says why a key cannot be used, which stands beside a sentence', async () => {
    await languageChoice.choose('de');
    expect(
      coreText(
        'The key of bob@localhost cannot be used, so nothing can be encrypted to it. Ask its owner to look. (this key has expired)',
      ),
    ).toBe(
      'Der Schlüssel von bob@localhost ist nicht verwendbar, also lässt sich nichts dafür verschlüsseln. Bitten Sie den Inhaber, nachzusehen. (dieser Schlüssel ist abgelaufen)',
    );
  });

  it('writes numbers in the form that the language has for them', async () => {
    await languageChoice.choose('ar');
    const said = [1, 2, 5, 30].map((seconds) =>
      coreText(
        seconds === 1
          ? 'Too many attempts. Try again in 1 second.'
          : `Too many attempts. Try again in ${seconds} seconds.`,
      ).replace(/^.*بعد /, ''),
    );
    expect(said).toEqual(['ثانية واحدة.', 'ثانيتين.', '5 ثوانٍ.', '30 ثانية.']);
  });
});
