import { expect, test } from '../support/test.ts';
import { file, mbox } from '../support/mbox.ts';
import { the } from '../support/ui/target.ts';

// No other browser lets a page write a file.
test('a file that the person has chosen is written as it comes', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, transfer } = alice.app;
  await transfer.begin(file('old.mbox', mbox(30)));
  await transfer.imported();
  await transfer.close();
  // The browser's own dialog is out of a test's reach: a file of the page's own stands for the one that is chosen.
  await ui.evaluate(() => {
    const choose = async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    Object.assign(window, { showSaveFilePicker: choose });
  });
  await ui.click(the('button', 'Export mail…'));
  await ui.click(the('button', 'Export', transfer.exporting));
  await ui.see(transfer.exportDone);
  const written = await ui.evaluate(async () => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('mail.mbox');
    return (await handle.getFile()).text();
  });
  expect(written.match(/^From bob@/gm)).toHaveLength(30);
});
