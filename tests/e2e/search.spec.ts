import { expect, test } from '../support/test.ts';
import type { Exchange } from '../support/proxy.ts';
import { the, words } from '../support/ui/target.ts';
import type { Member, World } from '../support/world.ts';

const LETTERS = [
  ['The ferry timetable', 'The last boat back leaves at a quarter past nine.'],
  ['Crème brûlée', 'Sugar, eggs, cream. Bring the torch from the boathouse.'],
  ['東京都の天気', '明日は雨が降るでしょう。傘を忘れずに。'],
  ['שלום אליס', 'הפגישה תתקיים ביום שני בבוקר'],
  ['Boat trip', 'We need one more tenor for the choir, and a boat.'],
] as const;

/** Alice, with letters from bob in her inbox. */
async function mailbox(world: World): Promise<{ alice: Member; bob: Member }> {
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  for (const [subject, text] of LETTERS) {
    await bob.app.compose.send({ to: alice.username, subject, text });
  }
  await alice.app.ui.seeCount(alice.app.mail.anyRow, LETTERS.length);
  return { alice, bob };
}

const accountOf = ({ asked }: Exchange) =>
  asked.headers[asked.headers.findIndex((word) => word.toLowerCase() === 'smail-account') + 1];

test('what is found is selected and dealt with together, and nothing else is', async ({ world }) => {
  const { alice } = await mailbox(world);
  const { ui, mail, organise, search } = alice.app;
  await search.finds('boat', 'Boat trip', 'Crème brûlée', 'The ferry timetable');
  await organise.select('Boat trip', 'Crème brûlée');
  await ui.click(the('button', 'Archive', organise.bar));
  await ui.see(search.row('Boat trip.*Archive'));
  await ui.see(search.row('Crème brûlée.*Archive'));
  await ui.see(search.row('The ferry timetable.*Inbox'));
  await organise.seeSelected(0);
  await ui.click(organise.undoButton);
  await ui.see(search.row('Boat trip.*Inbox'));

  await ui.click(organise.selectAll);
  await organise.seeSelected(3);
  await search.finds('torch', 'Crème brûlée');
  await organise.seeSelected(1);
  await ui.click(the('button', 'Select none', organise.bar));
  await ui.press('*');
  await ui.press('a');
  await organise.seeSelected(1);
  await ui.click(the('button', 'Move to Trash', organise.bar));
  await ui.see(search.row('Crème brûlée.*Trash'));
  await mail.openFolder('Inbox');
  await organise.seeSelected(0);
  await ui.seeValue(search.field, '');
  await ui.seeCount(mail.anyRow, LETTERS.length - 1);
});

test('messages are found by what is in them, in any language', async ({ world }) => {
  test.setTimeout(120_000);
  const { alice, bob } = await mailbox(world);
  const { ui, search, reader } = alice.app;
  await search.finds('boat', 'Boat trip', 'Crème brûlée', 'The ferry timetable');
  await search.finds('boat quarter', 'The ferry timetable');
  await search.finds('CREME brulee', 'Crème brûlée');
  await search.finds('"last boat back"', 'The ferry timetable');
  await search.finds('"back boat last"');
  await search.finds('boat -choir -torch ', 'The ferry timetable');
  await search.finds('torch OR tenor ', 'Crème brûlée', 'Boat trip');
  await search.finds('天気', '東京都の天気');
  await search.finds('傘', '東京都の天気');
  await search.finds('הפגישה', 'שלום אליס');
  await search.finds('subject:boat', 'Boat trip');
  await search.finds(`from:${bob.username} tenor`, 'Boat trip');
  await search.finds(`from:${alice.username} tenor`);
  await search.finds('tenor before:2020');
  await search.finds('tenor after:yesterday', 'Boat trip');
  await search.finds('has:attachment boat ');

  // What was looked for is marked, and a result opens the message.
  await search.finds('tenor', 'Boat trip');
  await ui.seeText(search.row('Boat trip'), /We need one more tenor/);
  const marked = await ui.evaluate(() =>
    [...document.querySelectorAll('mark')].map((mark) => mark.textContent),
  );
  expect(marked).toEqual(['tenor']);
  await ui.click(search.link('Boat trip'));
  await reader.shows('Boat trip', 'We need one more tenor for the choir');
  // The address of the page holds nothing of the search.
  expect(decodeURI(ui.path())).toMatch(/^\/mail\/search\/[0-9a-f]{32}$/);
});

test('a new device finds without opening a message', async ({ world }) => {
  test.setTimeout(120_000);
  world.site.proxy.record();
  const { alice, bob } = await mailbox(world);
  await alice.app.search.finds('tenor', 'Boat trip');
  await alice.app.mail.logOut();

  const ofBob = world.site.proxy.recorded().find(({ asked }) => asked.path.endsWith('/deliver'));
  const blobs = (exchanges: Exchange[], method: string) =>
    exchanges.filter(({ asked }) => asked.method === method && /\/blobs(\/|$)/.test(asked.path));
  const parts = blobs(world.site.proxy.recorded(), 'POST')
    .filter((exchange) => ofBob && accountOf(exchange) !== accountOf(ofBob))
    .map(({ answer }) => (JSON.parse(answer.body.toString()) as { blob_id: string }).blob_id);
  expect(parts.length).toBeGreaterThan(0);

  world.site.proxy.record();
  const device = await world.logIn(alice);
  await device.app.search.finds('tenor', 'Boat trip');
  await device.app.search.finds('雨', '東京都の天気');
  await device.app.search.finds('torch', 'Crème brûlée');
  const fetched = blobs(world.site.proxy.recorded(), 'GET').map(({ asked }) => asked.path.split('/').at(-1));
  expect(fetched.length).toBeGreaterThan(0);
  expect(fetched.filter((id) => !parts.includes(id ?? ''))).toEqual([]);

  // What comes now is found too.
  await bob.app.compose.send({ to: alice.username, subject: 'Late', text: 'Is the tenor there?' });
  await device.app.search.finds('tenor', 'Late', 'Boat trip');
});

test('a part of the index that does not open is said so, and what it held is found again', async ({
  world,
}) => {
  test.setTimeout(120_000);
  const { alice } = await mailbox(world);
  await alice.app.search.finds('tenor', 'Boat trip');
  await alice.app.mail.logOut();
  let altered = false;
  world.site.proxy.interfere({
    method: 'GET',
    path: /\/blobs\/[0-9a-f]{64}$/,
    alter: (answer) => {
      if (altered) return answer;
      altered = true;
      return { ...answer, body: answer.body.subarray(1) };
    },
  });
  const device = await world.logIn(alice);
  await device.app.search.for('tenor');
  await device.app.ui.see(words(/A part of the search index did not open/));
  await device.app.ui.see(device.app.search.row('Boat trip'));
});

test('the search works by keyboard, and its filters can be taken out', async ({ world }) => {
  const { alice } = await mailbox(world);
  const { ui, search, mail } = alice.app;
  await ui.press('/');
  await ui.seeFocused(search.field);
  await ui.type('boat is:');
  await ui.see(the('option', /^is:unread/, search.suggestions));
  await ui.press('ArrowDown');
  await ui.press('Enter');
  await ui.seeValue(search.field, 'boat is:unread ');
  await ui.press('Enter');
  await ui.seeCount(search.anyRow, 2);
  await ui.seeText(search.filters, 'is:unread');

  await ui.type('in:trash');
  await ui.press('Enter');
  await ui.see(search.nothing);
  await ui.click(the('button', 'Remove filter in:trash'));
  await ui.seeCount(search.anyRow, 2);
  await ui.seeValue(search.field, 'boat is:unread');

  await search.for('form:bob');
  await ui.seeText(the('alert'), 'There is no filter “form:”. Did you mean “from:”?');

  await ui.click(the('button', 'Clear search'));
  await ui.at('/mail');
  await ui.seeCount(mail.anyRow, LETTERS.length);
});

test('a search can be kept, is there in other sessions, and can be let go', async ({ world }) => {
  const { alice } = await mailbox(world);
  const { ui, search } = alice.app;
  await search.finds('boat OR boathouse -choir ', 'The ferry timetable', 'Crème brûlée');
  await ui.click(search.saveButton);
  const dialog = the('dialog', 'Save this search');
  await ui.fill(the('textbox', 'Name', dialog), 'Boats');
  await ui.click(the('button', 'Save', dialog));
  await ui.seeNo(dialog);

  const device = await world.logIn(alice);
  await device.app.ui.click(the('button', 'Boats', the('navigation', 'Saved searches')));
  await device.app.ui.seeCount(device.app.search.anyRow, 2);
  await device.app.ui.fill(device.app.search.field, '');
  await device.app.ui.click(the('button', 'Remove saved search Boats'));
  await ui.seeNo(the('navigation', 'Saved searches'));
});

test('a message that was found can be filed from there', async ({ world }) => {
  const { alice } = await mailbox(world);
  const { ui, search, reader, mail } = alice.app;
  await search.finds('tenor', 'Boat trip');
  await ui.click(search.link('Boat trip'));
  await reader.shows('Boat trip', 'We need one more tenor');
  await ui.click(reader.trashButton);
  // Said when it is done: until then it is found where it was.
  await ui.see(words(/^Moved to Trash/));
  await search.finds('tenor ');
  await search.finds('tenor in:trash', 'Boat trip');
  await mail.openFolder('Trash');
  await ui.see(mail.row('Boat trip'));
});
