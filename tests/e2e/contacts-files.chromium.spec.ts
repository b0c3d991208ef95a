import { expect, test } from '../support/test.ts';
import { chooseFor } from '../support/files.ts';
import { the, words } from '../support/ui/target.ts';

const FILE = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'FN:Bea Lake',
  'EMAIL:bea@example.org',
  'CATEGORIES:Choir',
  'END:VCARD',
  'BEGIN:VCARD',
  'VERSION:2.1',
  'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zorn;J=C3=B6rg',
  'TEL;CELL:+1 555 0100',
  'END:VCARD',
  'BEGIN:VCARD',
  'NOTE:nobody at all',
  'END:VCARD',
  'BEGIN:VCARD',
  'FN:Torn',
  '',
].join('\r\n');

const card = (text: string) => ({ name: 'people.vcf', mimeType: 'text/vcard', buffer: Buffer.from(text) });

test('cards come in from a file, what is skipped is told, and go out as a file', async ({ world }) => {
  const { app } = await world.newcomer('alice');
  const { ui, contacts } = app;
  await contacts.open();
  await chooseFor(ui, 'vCard file to import', card(FILE));
  await ui.see(words('2 contacts were added.'));
  await ui.see(words('2 cards were skipped:'));
  await ui.see(words('Line 12: it has neither a name nor an address'));
  await ui.see(words('Line 15, Torn: the card is broken'));
  await ui.click(the('button', 'Done'));
  await ui.see(contacts.row('Bea Lake'));
  await ui.click(contacts.row('Jörg Zorn'));
  await ui.see(words('+1 555 0100'));
  await ui.click(the('link', 'Choir'));
  await ui.seeNo(contacts.row('Jörg Zorn'));

  // Once more: nobody is there twice.
  await chooseFor(ui, 'vCard file to import', card(FILE));
  await ui.see(words('No contact was added.'));
  await ui.click(the('button', 'Done'));

  const saved = await ui.savedBy(() => contacts.choose('Export as vCard'));
  expect(saved.name).toBe('contacts.vcf');
  expect(saved.text.match(/BEGIN:VCARD\r\nVERSION:4\.0\r\n/g)).toHaveLength(2);
  expect(saved.text).toContain('CATEGORIES:Choir');

  await chooseFor(ui, 'vCard file to import', card('BEGIN:VCARD\nFN:Dora\nEND:VCARD\n'));
  await ui.click(the('button', 'Undo import'));
  await ui.see(words('Import undone'));
  await ui.seeNo(contacts.row('Dora'));
  await chooseFor(ui, 'vCard file to import', card('From: a@b\r\n\r\nThis is no card.'));
  await ui.see(words(/There is no contact in this file/));
});
