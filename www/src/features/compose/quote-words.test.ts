import { afterEach, expect, it } from 'vitest';
import type { MessageView } from '../../crypto/views';
import { languageChoice } from '../../i18n/choice.svelte';
import { locale } from '../../i18n/locale.svelte';
import { quoteWords } from './quote-words';

const MESSAGE = {
  from: { name: '', address: 'bob@localhost' },
  dateMs: Date.UTC(2026, 10, 28, 12, 30),
} as MessageView;

afterEach(async () => {
  localStorage.clear();
  await languageChoice.choose('en');
  locale.timeZone = undefined;
});

it('says who wrote, and when, in the language and the time zone of who answers', async () => {
  locale.timeZone = 'Europe/Berlin';
  await languageChoice.choose('de');
  expect(quoteWords(MESSAGE).wrote).toBe('Am Sa., 28. Nov. 2026, 13:30 schrieb bob@localhost:');
  const named = { ...MESSAGE, from: { name: 'Bob', address: 'bob@localhost' } };
  expect(quoteWords(named).wrote).toBe('Am Sa., 28. Nov. 2026, 13:30 schrieb Bob:');
  expect(quoteWords(MESSAGE).fields).toMatchObject({ from: 'Von', subject: 'Betreff' });
});
