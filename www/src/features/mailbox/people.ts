import type { Place } from '../../app/routes';
import type { MessageRow, Person } from '../../crypto/views';
import { t } from '../../i18n';
import { knownName } from '../contacts/known-names.svelte';

/** Number of colours a monogram may have. */
const TONES = 6;

/** What to call a person: as the address book does, else by the display name, or else the address. */
export function personLabel(person: Person): string {
  return knownName(person.address) ?? (person.name.trim() || person.address);
}

/** What to call an author, whom a message need not name. */
function authorLabel(person: Person): string {
  return personLabel(person) || t('mailbox:noSender');
}

/** Display name and address, as far as they differ. */
export function personInFull(person: Person): string {
  const name = person.name.trim();
  return name && name !== person.address ? `${name} <${person.address}>` : person.address;
}

/** The one or two letters that stand for a person. */
export function monogram(person: Person): string {
  const words = personLabel(person)
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word ? (Array.from(word)[0] ?? '') : '',
  );
  return letters.join('').toUpperCase() || '?';
}

/** A colour that is always the same for the same address. */
export function tone(person: Person): number {
  let sum = 0;
  for (const character of person.address) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % TONES;
}

/** Most people whom a row of a conversation names. */
const NAMED = 4;

/** Whom a row is shown as: the author, or, for one's own messages, the readers; for a conversation all who wrote. */
export function counterparts(
  row: MessageRow,
  folder: Place,
  own: string,
): { people: Person[]; label: string } {
  const isOwn = folder === 'sent' || folder === 'drafts' || folder === 'scheduled';
  if (!isOwn)
    return { people: [row.from], label: row.conversation ? writers(row, own) : authorLabel(row.from) };
  if (row.to.length === 0) return { people: [], label: t('mailbox:noRecipients') };
  return {
    people: row.to,
    label: t('mailbox:toPeople', { people: row.to.map(personLabel).join(t('common:comma')) }),
  };
}

/** Who wrote a conversation, who wrote first first. */
function writers({ from, conversation }: MessageRow, own: string): string {
  const people = conversation?.people ?? [from];
  const labels = people.map((person) => (person.address === own ? t('mailbox:me') : authorLabel(person)));
  const named = labels.length > NAMED ? [...labels.slice(0, 1), '…', ...labels.slice(1 - NAMED)] : labels;
  return named.join(t('common:comma'));
}
