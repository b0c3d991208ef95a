import { ChromiumBrowser } from './chromium.ts';
import { FirefoxBrowser } from './firefox.ts';
import type { Browser } from './ui.ts';

/** The browser that a project of the test runner is named for. */
export function launch(project: string): Promise<Browser> {
  return project === 'firefox' ? FirefoxBrowser.launch() : ChromiumBrowser.launch();
}
