import { test } from '../support/test.ts';
import { field, the } from '../support/ui/target.ts';

test('two messages are written at once, each its own draft', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, compose, mail } = alice.app;
  await compose.open();
  await ui.fill(compose.subject, 'The first');
  await ui.fill(compose.text, 'One.');
  await ui.click(the('button', 'Minimise', compose.dialog));
  await ui.seeNo(compose.dialog);
  const first = the('button', 'Go on writing: The first');
  await ui.see(first);
  await ui.click(the('button', 'Compose'));
  await ui.seeFocused(compose.to);
  await ui.fill(compose.subject, 'The second');
  await ui.fill(compose.text, 'Two.');
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  await ui.click(first);
  await ui.seeValue(compose.subject, 'The first');
  await ui.seeValue(field('Message', compose.dialog), 'One.');
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  await mail.openFolder('Drafts');
  await ui.see(mail.row('The first'));
  await ui.see(mail.row('The second'));
});
