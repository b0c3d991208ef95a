import { afterEach, describe, expect, it } from 'vitest';
import { languageChoice } from './choice.svelte';
import { pieces, t } from './text';
import { Translator } from './translator';
import { isolate } from './isolate';

const FSI = '\u2068';
const PDI = '\u2069';

afterEach(async () => {
  localStorage.clear();
  await languageChoice.choose('en');
});

describe('t', () => {
  it('gives the text of the chosen language, and says so of the document', async () => {
    expect(t('common:cancel')).toBe('Cancel');
    await languageChoice.choose('de');
    expect(t('common:cancel')).toBe('Abbrechen');
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['de', 'ltr']);
    await languageChoice.choose('ar');
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['ar', 'rtl']);
  });

  it('chooses the form that a number asks for', async () => {
    expect(t('app:woken', { count: 1 })).toBe('A snoozed message is back');
    expect(t('app:woken', { count: 1200 })).toBe('1,200 snoozed messages are back');
    await languageChoice.choose('ar');
    expect([1, 2, 3, 11].map((count) => t('app:woken', { count }))).toEqual([
      'عادت رسالة مؤجلة',
      'عادت رسالتان مؤجلتان',
      'عادت 3 رسائل مؤجلة',
      'عادت 11 رسالة مؤجلة',
    ]);
  });

  it('writes values as they are: nothing in them is markup, a key or another value', () => {
    const name = '<b>{{count}} $t(common:cancel) & co</b>';
    expect(t('app:newMailFrom', { name })).toBe(`New mail from ${name}`);
  });

  it('sets names of the other direction apart', async () => {
    expect(t('app:newMailFrom', { name: 'ليلى' })).toBe(`New mail from ${FSI}ليلى${PDI}`);
    await languageChoice.choose('ar');
    expect(t('app:newMailFrom', { name: 'Bob' })).toBe(`بريد جديد من ${FSI}Bob${PDI}`);
    expect(t('app:newMailFrom', { name: 'ليلى' })).toBe('بريد جديد من ليلى');
  });
});

describe('isolate', () => {
  it('takes marks out that would turn what follows', () => {
    expect(isolate('invoice\u202efdp.exe', 'ltr')).toBe('invoicefdp.exe');
  });
});

describe('pieces', () => {
  it('cuts at tags of the text alone, never of a value', () => {
    const translator = new Translator(String);
    expect(translator.fill('en', 'To {{name}}', { name: '<link>x</link>' })).toBe('To <link>x</link>');
    expect(pieces('app:newMailFrom', { name: '<link>x</link>' })).toEqual([
      { tag: undefined, text: 'New mail from <link>x</link>' },
    ]);
  });
});
