import { expect, test } from '../support/test.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { field, the } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

/** What the page has notified of. */
interface Notified {
  title: string;
  body: string;
}

/** Lets this page notify, and looks at something else, as far as the page can tell: a browser without a screen hides no tab. */
class Watched {
  private constructor(private readonly page: ChromiumTab['page']) {}

  static async begin(ui: Ui): Promise<Watched> {
    if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
    await ui.page.context().grantPermissions(['notifications']);
    await ui.page.addInitScript(() => {
      const shown: Notification[] = [];
      class Seen extends Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options);
          shown.push(this);
        }
      }
      Object.defineProperty(window, 'Notification', { value: Seen });
      Object.assign(window, { shown });
      const isAway = () => 'away' in window;
      Object.defineProperty(document, 'visibilityState', { get: () => (isAway() ? 'hidden' : 'visible') });
    });
    await ui.page.goto('/mail');
    return new Watched(ui.page);
  }

  async lookAway(): Promise<void> {
    await this.page.evaluate(() => {
      Object.assign(window, { away: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
  }

  async lookBack(): Promise<void> {
    await this.page.evaluate(() => {
      Reflect.deleteProperty(window, 'away');
      document.dispatchEvent(new Event('visibilitychange'));
    });
  }

  async notified(): Promise<Notified[]> {
    return this.page.evaluate(() =>
      (window as unknown as { shown: Notification[] }).shown.map(({ title, body }) => ({ title, body })),
    );
  }

  async pressLatest(): Promise<void> {
    await this.page.evaluate(() =>
      (window as unknown as { shown: Notification[] }).shown.at(-1)?.dispatchEvent(new Event('click')),
    );
  }
}

test('new mail is notified of while nobody looks, with no more than was chosen, and opens when it is pressed', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, settings, reader } = alice.app;
  const watched = await Watched.begin(ui);
  await mail.isOpen();
  const send = async (subject: string) => {
    await bob.app.compose.send({ to: alice.username, subject, text: `Of ${subject}.` });
    await ui.see(mail.row(subject));
  };
  await settings.open('Notifications');
  await ui.click(field('Notify me of new mail'));
  await settings.isSaved('New mail');
  await settings.backToMail();

  // Who looks sees it in the list.
  await send('Tides');
  expect(await watched.notified()).toEqual([]);

  await watched.lookAway();
  await send('Moorings');
  await expect.poll(() => watched.notified()).toEqual([{ title: 'New mail', body: '' }]);
  await watched.pressLatest();
  await reader.shows('Moorings', 'Of Moorings.');
  await watched.lookBack();

  await settings.open('Notifications');
  await ui.click(the('radio', 'Sender and subject'));
  await settings.isSaved('New mail');
  await settings.backToMail();
  await watched.lookAway();
  await send('Lanterns');
  await expect
    .poll(async () => (await watched.notified()).at(-1))
    .toEqual({ title: `New mail from ${bob.username}@localhost`, body: 'Lanterns' });
});
