import { expect, test } from '../support/test.ts';
import { expectAccessible } from '../support/axe.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { field, the, words } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

/** In the page: each chooses in the list of languages, whatever that is called just now. */
const CHOOSE = {
  de: () => {
    const list = document.querySelector('option[value="de"]')?.closest('select');
    if (list) list.value = 'de';
    list?.dispatchEvent(new Event('change', { bubbles: true }));
  },
  ar: () => {
    const list = document.querySelector('option[value="ar"]')?.closest('select');
    if (list) list.value = 'ar';
    list?.dispatchEvent(new Event('change', { bubbles: true }));
  },
};

async function direction(ui: Ui): Promise<string> {
  return ui.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`);
}

async function seeNoAccessibilityFault(ui: Ui, screen: string): Promise<void> {
  if (ui instanceof ChromiumTab) await expectAccessible(ui, screen);
}

test('what a form says is missing is said in the language that is chosen after it', async ({ world }) => {
  const { ui, signUp } = await world.visitor();
  await signUp.open();
  await ui.fill(signUp.password, 'three boats and a lantern');
  await ui.fill(signUp.repeated, 'two');
  await ui.click(the('button', 'Create account'));
  await ui.see(words('The two passwords are not the same.'));
  await ui.evaluate(CHOOSE.de);
  await ui.see(words('Die beiden Passwörter sind nicht gleich.'));
  await ui.seeNo(words('The two passwords are not the same.'));
  await ui.seeNo(words('Tick this first'));
});

test('before the login, the page speaks what was chosen in this browser, and keeps to it', async ({
  world,
}) => {
  const { ui, logIn } = await world.visitor();
  await logIn.open();
  await ui.see(field('Language'));
  await ui.evaluate(CHOOSE.de);
  await ui.see(the('form', 'Anmelden'));
  await ui.reload();
  await ui.see(the('form', 'Anmelden'));
  await ui.click(the('link', 'Konto anlegen'));
  await ui.see(the('heading', 'Konto anlegen'));
  expect(await direction(ui)).toBe('de ltr');
});

test('an account has its language in every session, from the right to the left if that is how it is read', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await bob.app.compose.send({ to: alice.username, subject: 'Tides', text: 'High at noon.' });
  const { ui, settings, mail } = alice.app;
  await ui.see(mail.row('Tides'));
  await settings.open('General');
  await ui.evaluate(CHOOSE.ar);
  await ui.see(the('heading', 'اللغة والصيغ'));
  expect(await direction(ui)).toBe('ar rtl');
  await seeNoAccessibilityFault(ui, 'settings in Arabic');

  await ui.open('/mail');
  await ui.see(the('heading', 'الوارد'));
  await ui.see(the('link', /الوارد/));
  await ui.see(the('listitem', /^غير مقروءة،.*Tides/));
  await seeNoAccessibilityFault(ui, 'the list in Arabic');
  await ui.click(the('link', /Tides/));
  await ui.see(the('button', 'رد'));
  await ui.see(words('High at noon.'));
  await seeNoAccessibilityFault(ui, 'a message in Arabic');
  // What is read to the right begins where it does: the list stands to the right of the message.
  const isMirrored = await ui.evaluate(() => {
    const [list, reader] = ['.list', '.reader'].map((name) => document.querySelector(`main > ${name}`));
    const left = (element: Element | null | undefined) => element?.getBoundingClientRect().left ?? 0;
    return innerWidth < 768 || left(list) > left(reader);
  });
  expect(isMirrored).toBe(true);
  // An answer says in the same language who wrote what it quotes.
  await ui.click(the('button', 'رد'));
  await ui.seeText(field('الرسالة', the('dialog', 'رسالة جديدة')), /في .+، كتب .+:[\s\S]*High at noon\./);
  await ui.click(the('button', 'تجاهل المسودة'));

  // Another browser has it as soon as the account is open there.
  const second = await world.visitor();
  await second.logIn.open();
  await second.logIn.submit(alice);
  await second.ui.see(the('heading', 'الوارد'));
  expect(await direction(second.ui)).toBe('ar rtl');
});

test('dates are written as the language, the time zone and the clock have them', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings } = alice.app;
  await settings.open('General');
  await ui.evaluate(CHOOSE.de);
  await ui.see(the('heading', 'Sprache und Formate'));
  await ui.seeDescription(field('Zeitzone'), /^Es ist \w{2}\., \d{1,2}\. \S+ \d{4}/);
  await ui.evaluate(() => {
    for (const value of ['Pacific/Kiritimati', 'iso', 'twenty-four-hours']) {
      const list = document.querySelector(`option[value="${value}"]`)?.closest('select');
      if (list) list.value = value;
      list?.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
  // Fourteen hours ahead of Greenwich.
  const there = new Date(Date.now() + 14 * 3_600_000).toISOString();
  await ui.seeDescription(field('Zeitzone'), new RegExp(`${there.slice(0, 10)} ${there.slice(11, 13)}:`));
});

test('who writes in German is told in German, beside the field, that there is no such account', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { ui, settings } = alice.app;
  await settings.open('General');
  await ui.evaluate(CHOOSE.de);
  await ui.see(the('heading', 'Sprache und Formate'));
  await ui.open('/mail');
  await ui.click(the('button', 'Schreiben'));
  const dialog = the('dialog', 'Neue Nachricht');
  for (const name of [
    'Senden',
    'Später senden',
    'Dateien anhängen',
    'Entwurf verwerfen',
    'Speichern und schließen',
  ])
    await ui.see(the('button', name, dialog));
  const to = field('An', dialog);
  await ui.fill(to, 'nobody');
  await ui.press('Enter');
  await ui.seeDescription(
    to,
    /Auf diesem Server gibt es kein Konto nobody@\S+ Prüfen Sie die Schreibweise\./,
  );
  await seeNoAccessibilityFault(ui, 'compose in German');
  await ui.click(the('button', /^nobody entfernen/, dialog));
  await ui.click(the('button', 'Senden', dialog));
  await ui.seeDescription(to, 'Geben Sie an, an wen dies geht.');
});
