import { test } from '../support/test.ts';
import { the, type Target } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

const MOST_TABS = 40;

/**
 * Presses Tab until this has the focus, as somebody without a mouse would. Never past the end of the page: from there
 * Firefox without a window to be seen comes back to the page, but not to its buttons.
 */
async function tabTo(ui: Ui, target: Target, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await ui.see(target);
  for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
    if (await ui.hasFocus(target)) return;
    await ui.press(key);
  }
  await ui.seeFocused(target);
}

test('everything from log-in to reply works with the keyboard alone', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, logIn, mail, compose, reader } = await world.visitor();
  await ui.open('/');
  await tabTo(ui, logIn.username);
  await ui.type(bob.username);
  await tabTo(ui, logIn.password);
  await ui.type(bob.password);
  await ui.press('Enter');
  await mail.isOpen();

  await tabTo(ui, mail.composeButton);
  await ui.press('Enter');
  await ui.seeFocused(compose.to);
  await ui.type(`${alice.username},`);
  await ui.see(the('button', `Remove ${alice.username}`));
  await tabTo(ui, compose.subject);
  await ui.type('No mouse');
  await tabTo(ui, compose.text);
  await ui.type('Only keys.');
  await tabTo(ui, compose.sendButton);
  await ui.press('Enter');
  await ui.seeNo(compose.dialog);
  await ui.seeFocused(mail.composeButton);

  const at = alice.app;
  await tabTo(at.ui, at.mail.link('No mouse'));
  await at.ui.press('Enter');
  await at.ui.seeFocused(the('heading', 'No mouse', at.reader.region));
  await at.reader.shows('No mouse', 'Only keys.');
  await tabTo(at.ui, at.reader.replyButton, 'Shift+Tab');
  await at.ui.press('Enter');
  await at.ui.seeFocused(at.compose.text);
  await at.ui.type('Here too.');
  await at.ui.press('Control+Enter');
  await at.ui.seeNo(at.compose.dialog);

  await ui.see(mail.link('Re: No mouse'));
  await tabTo(ui, the('link', /No mouse/, mail.list));
  await ui.press('Home');
  await ui.press('Enter');
  await reader.shows('Re: No mouse', 'Here too.');
});

test('Escape closes the compose window and gives the focus back', async ({ world }) => {
  const { app } = await world.member('alice');
  await tabTo(app.ui, app.mail.composeButton);
  await app.ui.press('Enter');
  await app.ui.seeFocused(app.compose.to);
  await app.ui.press('Escape');
  await app.ui.seeNo(app.compose.dialog);
  await app.ui.seeFocused(app.mail.composeButton);
});
