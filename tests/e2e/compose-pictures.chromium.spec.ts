import { expect, test } from '../support/test.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { the } from '../support/ui/target.ts';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

test('a picture is pasted into the text, stays in the draft, and is seen by who gets it', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, compose, mail, reader } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await compose.open();
  await compose.write({ to: bob.username, subject: 'A picture', text: 'Look: ' });
  await ui.page.locator('.window .ProseMirror').evaluate((target, pixel) => {
    const octets = Uint8Array.from(atob(pixel), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([octets], 'dot.png', { type: 'image/png' }));
    target.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, PIXEL);
  const picture = ui.page.locator('.window img[alt="dot.png"]');
  await expect(picture).toHaveJSProperty('naturalWidth', 1);
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);

  // On another device it comes from the server.
  const second = await world.logIn(alice);
  const tab = second.app.ui;
  if (!(tab instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await second.app.mail.openFolder('Drafts');
  await second.app.mail.openMessage('A picture');
  await expect(tab.page.locator('.window img[alt="dot.png"]')).toHaveJSProperty('naturalWidth', 1);
  await second.app.compose.sendAsIs();
  await ui.seeNo(mail.row('A picture'));

  await bob.app.mail.openMessage('A picture');
  await bob.app.reader.showsFormatted('Look:');
  // Pictures are fetched and put in after the text.
  await expect
    .poll(async () => (await bob.app.reader.formatted())[0]?.markup)
    .toContain('src="data:image/png;base64,');

  // It goes on with the text when that is passed on.
  await bob.app.ui.click(bob.app.reader.forwardButton);
  await bob.app.compose.addTo(alice.username);
  await bob.app.compose.sendAsIs();
  await mail.openFolder('Inbox');
  await mail.openMessage('Fwd: A picture');
  await reader.showsFormatted('Look:');
  await expect
    .poll(async () => (await reader.formatted())[0]?.markup)
    .toContain('src="data:image/png;base64,');
});

test('what is pasted is cleaned: no script, nothing from elsewhere', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await compose.open();
  await ui.click(compose.text);
  const text = ui.page.locator('.window .ProseMirror');
  await text.evaluate((target) => {
    const data = new DataTransfer();
    data.setData(
      'text/html',
      '<p>kept <b onclick="alert(1)">bold</b></p><script>alert(1)</script><img src="https://tracker.example/x.gif" alt="gone">' +
        '<a href="javascript:alert(1)">no link</a><iframe src="https://evil.example/"></iframe>',
    );
    data.setData('text/plain', 'kept bold');
    target.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await expect(text.locator('strong')).toHaveText('bold');
  await expect(text).toContainText('no link');
  expect(await text.innerHTML()).not.toMatch(/script|onclick|tracker|evil|<a /);
  await ui.click(compose.discardButton);
  await ui.seeNo(the('dialog', 'New message'));
});
