import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MessageRow, Settings } from '../crypto/views';
import { Notifier } from './notifier';

type Choice = Pick<Settings, 'notifications' | 'notificationContent'>;

const ROW = { id: 'a1', subject: 'The boat', from: { name: 'Bob', address: 'bob@localhost' } } as MessageRow;
const WORDS = {
  newMail: () => 'New mail',
  from: (person: string) => `From ${person}`,
  subject: (row: MessageRow) => row.subject,
};

/** Locks of one browser: nobody else holds the notifier's, and `held` says what the tabs hold. */
const held: { name: string }[] = [];
const locks = {
  request: (...args: unknown[]) => Promise.resolve((args.at(-1) as () => unknown)()),
  query: () => Promise.resolve({ held }),
};

interface Shown {
  title: string;
  options: NotificationOptions;
  click: () => void;
}
const shown: Shown[] = [];

class FakeNotification {
  static permission = 'granted';
  close = () => undefined;
  readonly #shown: Shown;

  constructor(title: string, options: NotificationOptions) {
    this.#shown = { title, options, click: () => undefined };
    shown.push(this.#shown);
  }

  addEventListener(_name: string, listener: () => void): void {
    this.#shown.click = listener;
  }
}

let visibility: DocumentVisibilityState = 'hidden';
const opened: string[] = [];

function notifier(): Notifier {
  const made = new Notifier(
    WORDS,
    ({ from }) => from.name,
    (id) => opened.push(id),
  );
  made.watch();
  return made;
}

function choice(notificationContent: Choice['notificationContent'], notifications = true): Choice {
  return { notifications, notificationContent };
}

beforeEach(() => {
  vi.stubGlobal('Notification', FakeNotification);
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
  FakeNotification.permission = 'granted';
  visibility = 'hidden';
  [shown, held, opened].forEach((list) => list.splice(0));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('it says as much as was chosen, and leads to the message', async () => {
  const tells = notifier();
  for (const content of ['nothing', 'sender', 'subject'] as const) await tells.tell([ROW], choice(content));
  expect(shown.map(({ title, options }) => [title, options.body])).toEqual([
    ['New mail', undefined],
    ['From Bob', undefined],
    ['From Bob', 'The boat'],
  ]);
  shown[0]?.click();
  expect(opened).toEqual(['a1']);
});

test('it is silent unless it was wanted and permitted, and while any tab is looked at', async () => {
  const tells = notifier();
  await tells.tell([], choice('nothing'));
  await tells.tell([ROW], choice('nothing', false));
  FakeNotification.permission = 'default';
  await tells.tell([ROW], choice('nothing'));
  FakeNotification.permission = 'granted';
  held.push({ name: 's-mail-looked-at' });
  await tells.tell([ROW], choice('nothing'));
  held.splice(0);
  visibility = 'visible';
  await tells.tell([ROW], choice('nothing'));
  expect(shown).toEqual([]);
  visibility = 'hidden';
  await tells.tell([ROW], choice('nothing'));
  expect(shown).toHaveLength(1);
});
