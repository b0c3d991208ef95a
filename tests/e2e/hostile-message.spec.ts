import { expect, test } from '../support/test.ts';
import { deliver, type MessageFault } from '../support/mallory.ts';
import type { Answer, Asked } from '../support/proxy.ts';
import { until } from '../support/ui/until.ts';
import type { Member, World } from '../support/world.ts';

const BLOB = /\/blobs\/[0-9a-f]{64}$/;

/**
 * Tells whether a blob is one that this account's own client has filed: a part of the search index, as first made or as
 * rewritten, not a message that came. Asked from before the first message on.
 */
function ownParts({ site }: World): (path: string) => boolean {
  const items = new Set<string>();
  const blobs = new Set<string>();
  site.proxy.interfere({
    method: 'PUT',
    path: /\/items\/[0-9a-f]+$/,
    alter: (answer, { path, body }) => {
      const written = JSON.parse(body.toString()) as { base_version: number; blob_id: string };
      if (written.base_version === 0) items.add(path);
      if (items.has(path)) blobs.add(written.blob_id);
      return answer;
    },
  });
  return (path) => blobs.has(path.slice(-64));
}

/** Tells whether a request is of this account's session: others write to it meanwhile, and read what they have sent. */
async function ownRequests({ site }: World, { app }: Member): Promise<(asked: Asked) => boolean> {
  const cookieIn = ({ headers }: Asked) =>
    headers[headers.findIndex((name) => name.toLowerCase() === 'cookie') + 1] ?? '';
  let own: string | undefined;
  site.proxy.interfere({
    path: /\/(items|changes)\b/,
    alter: (answer, asked) => {
      own = cookieIn(asked);
      return answer;
    },
  });
  await app.ui.reload();
  await app.mail.isOpen();
  await until(
    () => Promise.resolve(own !== undefined),
    () => 'nothing was asked of the server',
  );
  site.proxy.reset();
  return (asked) => cookieIn(asked) === own;
}

/** Makes sure that the account is open and well: an honest message can be read, and another can be written. */
async function stillWorks(world: World, alice: Member, subject: string): Promise<void> {
  world.site.proxy.reset();
  await alice.app.mail.openFolder('Inbox');
  await alice.app.mail.openMessage(subject);
  await alice.app.reader.shows(subject, 'All is well.');
}

async function honestMail(world: World, alice: Member, subject: string): Promise<void> {
  const bob = await world.member('bob');
  await bob.app.compose.send({ to: alice.username, subject, text: 'All is well.' });
  await alice.app.ui.see(alice.app.mail.row(subject));
}

const REFUSED: [fault: MessageFault, what: string, why: RegExp][] = [
  ['garbage', 'bytes that are no message', /.{20}/],
  ['truncated', 'a message that is cut off', /.{20}/],
  ['tampered', 'a message with one bit changed', /changed|altered|tampered|damaged/i],
  ['bomb', 'a decompression bomb', /.{20}/],
  ['s2k', 'a message that asks for 2 GiB of memory', /.{20}/],
];

test('what cannot be opened is refused beside its subject, and everything else goes on', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  await honestMail(world, alice, 'Before');
  const { ui, mail, reader } = alice.app;
  for (const [at, [fault, what, why]] of REFUSED.entries()) {
    await test.step(what, async () => {
      const mallory = world.unused('mallory').username;
      await deliver(world.site, { username: mallory, to: alice.username, fault, subject: 'Open me' });
      await ui.seeCount(mail.anyRow, at + 2);
      await ui.click(mail.newestLink);
      await reader.refuses(why);
      expect(await ui.textOf(reader.region)).not.toMatch(/panic|unreachable|\bat .*:\d+|undefined|\[object/);
      await stillWorks(world, alice, 'Before');
      await mail.openFolder('Inbox');
    });
  }
  await ui.reload();
  await mail.isOpen();
  await ui.seeCount(mail.anyRow, REFUSED.length + 1);
  await stillWorks(world, alice, 'Before');
});

test('an unsigned message is shown with a warning instead of "Verified"', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const mallory = world.unused('mallory').username;
  await deliver(world.site, { username: mallory, to: alice.username, fault: 'unsigned', subject: 'No name' });
  const { ui, mail, reader } = alice.app;
  await mail.openMessage('No name');
  await ui.seeText(reader.body, 'Trust me.');
  await ui.seeText(reader.status, /Encrypted/);
  await ui.seeText(reader.status, /not signed|unsigned|no signature/i);
  expect(await ui.textOf(reader.status)).not.toMatch(/Verified/);
});

test("a message that says to be bob's and is not is not shown as verified", async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, reader } = alice.app;
  await deliver(world.site, {
    username: world.unused('mallory').username,
    to: alice.username,
    fault: 'wrong-sender',
    subject: 'Wire me money',
    from: `${bob.username}@localhost`,
  });
  await mail.openMessage('Wire me money');
  await ui.seeText(reader.body, 'Trust me.');
  await ui.seeText(reader.status, /not|cannot|unknown/i);
  expect(await ui.textOf(reader.status)).not.toMatch(/Verified/);
});

const ALTERED: [what: string, alter: (body: Buffer) => Buffer][] = [
  [
    'changed on its way',
    (body) => Buffer.from(body.map((byte, at) => (at === body.length - 50 ? byte ^ 1 : byte))),
  ],
  ['cut off on its way', (body) => body.subarray(0, Math.floor(body.length / 2))],
  ['emptied on its way', () => Buffer.alloc(0)],
];

for (const [what, alter] of ALTERED) {
  test(`a message ${what} is refused, and read once it comes as it was`, async ({ world }) => {
    const alice = await world.newcomer('alice');
    await honestMail(world, alice, 'Handle with care');
    const altered = (answer: Answer) => ({ ...answer, body: alter(answer.body) });
    world.site.proxy.interfere({ method: 'GET', path: BLOB, alter: altered });
    await alice.app.mail.openMessage('Handle with care');
    await alice.app.reader.refuses(/changed|altered|tampered|damaged|complete/i);
    world.site.proxy.reset();
    await alice.app.ui.click(alice.app.reader.retryButton);
    await alice.app.reader.shows('Handle with care', 'All is well.');
  });
}

test("a blob swapped for another of the same person's is refused", async ({ world }) => {
  const alice = await world.newcomer('alice');
  const isOwn = await ownRequests(world, alice);
  const isPart = ownParts(world);
  await honestMail(world, alice, 'The first');
  await honestMail(world, alice, 'The second');
  const bodies = new Map<string, Buffer>();
  const { proxy } = world.site;
  proxy.interfere({
    method: 'GET',
    path: BLOB,
    alter: (answer, asked) => {
      if (isOwn(asked) && !isPart(asked.path)) bodies.set(asked.path, answer.body);
      return answer;
    },
  });
  const { mail, reader, ui } = alice.app;
  for (const subject of ['The first', 'The second']) {
    await mail.openMessage(subject);
    await reader.shows(subject, 'All is well.');
  }
  expect(bodies.size).toBe(2);
  proxy.reset();
  proxy.interfere({
    method: 'GET',
    path: BLOB,
    alter: (answer, { path }) => {
      const other = bodies.has(path) ? [...bodies].find(([known]) => known !== path)?.[1] : undefined;
      return { ...answer, body: other ?? answer.body };
    },
  });
  await ui.reload();
  await mail.isOpen();
  await mail.openMessage('The first');
  await reader.refuses(/./);
  await stillWorks(world, alice, 'The first');
});

test('a server that names another blob for a message is found out, in the list and in the reader', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { mail, reader, ui } = alice.app;
  const isOwn = await ownRequests(world, alice);
  const isPart = ownParts(world);
  const names = new Set<string>();
  const note = (answer: Answer, asked: Asked) => {
    if (isOwn(asked) && !isPart(asked.path)) names.add(asked.path.slice(-64));
    return answer;
  };
  world.site.proxy.interfere({ method: 'GET', path: BLOB, alter: note });
  for (const subject of ['The first', 'The second']) {
    await honestMail(world, alice, subject);
    await mail.openMessage(subject);
    await reader.shows(subject, 'All is well.');
  }
  expect(names.size).toBe(2);
  world.site.proxy.interfere({ method: 'GET', path: /\/(items|changes)\b/, alter: swapNames([...names]) });
  await ui.reload();
  await mail.isOpen();
  await ui.seeCount(mail.link('another message'), 2);
  await ui.click(mail.newestLink);
  await reader.refuses(/another message/i);
});

/** Puts the second of two names wherever the first is, and the other way round. */
function swapNames([first, second]: string[]): (answer: Answer) => Answer {
  if (!first || !second) throw new Error('there are not two names to swap');
  const either = new RegExp(`${first}|${second}`, 'g');
  const swap = (text: string) => text.replaceAll(either, (name) => (name === first ? second : first));
  return (answer) => ({ ...answer, body: Buffer.from(swap(answer.body.toString())) });
}
