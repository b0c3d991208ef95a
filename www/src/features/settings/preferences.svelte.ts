import type { ThemeChoice } from '../../app/theme.svelte';
import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { Clock, Settings, SettingsChange, Signature } from '../../crypto/views';
import { locale, type Clock as ShownClock } from '../../i18n/locale.svelte';
import { languageChoice } from '../../i18n/choice.svelte';
import { DensityChoice } from './density';

/** What holds until settings are known, and where nothing was chosen. */
export const UNCHOSEN: Settings = {
  displayName: '',
  theme: 'system',
  density: 'comfortable',
  language: '',
  timeZone: '',
  dateFormat: 'language',
  clock: 'language',
  undoSendS: 0,
  signatures: [],
  defaultSignature: '',
  signReplies: false,
  remoteContent: 'ask',
  notifications: false,
  notificationContent: 'nothing',
  preferPlainText: false,
  singleKeyShortcuts: true,
};

const CLOCKS: Record<Clock, ShownClock> = {
  language: 'language',
  'twelve-hours': '12',
  'twenty-four-hours': '24',
};

/**
 * What the person has chosen, the same in all sessions. Theme, density, language and formats are kept in this browser too,
 * so that the page looks right before anything is unlocked.
 */
export class Preferences {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  readonly #theme: ThemeChoice;
  readonly #density = new DensityChoice();
  /** Changes under way: what comes from elsewhere meanwhile is older than they are. */
  #pending = 0;
  current = $state.raw<Settings>(UNCHOSEN);
  /** Whether `current` is what the account has. */
  known = $state(false);
  /** Why the settings could not be opened. */
  error = $state.raw<MailError | undefined>();

  constructor(service: MailService, note: (thrown: unknown) => MailError, theme: ThemeChoice) {
    this.#service = service;
    this.#note = note;
    this.#theme = theme;
  }

  async load(): Promise<void> {
    this.error = undefined;
    try {
      this.take(await this.#service.settings());
    } catch (thrown) {
      this.error = this.#note(thrown);
    }
  }

  /** Takes settings as the worker has them. */
  take(settings: Settings): void {
    if (this.#pending > 0) return;
    this.known = true;
    this.#show(settings);
  }

  /** Changes some settings, at once to the eye; what cannot be kept is as before. Rejects with a `MailError` then. */
  change(change: SettingsChange): Promise<void> {
    const before = this.current;
    this.#show({ ...before, ...change });
    return this.#keep(() => this.#service.changeSettings(change), before);
  }

  /** As `change`, for what is typed: shown once it is kept. */
  rename(displayName: string): Promise<void> {
    return this.#keep(() => this.#service.changeSettings({ displayName }), this.current);
  }

  /** Keeps a signature, a new one when its id is empty. Rejects with a `MailError`. */
  keepSignature(signature: Signature): Promise<void> {
    return this.#keep(() => this.#service.keepSignature(signature), this.current);
  }

  removeSignature(id: string): Promise<void> {
    return this.#keep(() => this.#service.removeSignature(id), this.current);
  }

  /** Forgets what an account that is closed had chosen, but for how the page looks. */
  clear(): void {
    this.known = false;
    this.error = undefined;
    this.current = UNCHOSEN;
  }

  async #keep(write: () => Promise<Settings>, before: Settings): Promise<void> {
    this.#pending += 1;
    try {
      const settings = await write();
      this.#pending -= 1;
      this.take(settings);
    } catch (thrown) {
      this.#pending -= 1;
      this.#show(before);
      throw this.#note(thrown);
    }
  }

  /** A look that nobody has chosen leaves this browser as it is. */
  #show(settings: Settings): void {
    const before = this.current;
    this.current = settings;
    if (settings.theme !== before.theme) this.#theme.choose(settings.theme);
    if (settings.density !== before.density) this.#density.choose(settings.density);
    locale.timeZone = settings.timeZone === '' ? undefined : settings.timeZone;
    locale.clock = CLOCKS[settings.clock];
    void languageChoice.take(settings.language);
    locale.dates = settings.dateFormat;
  }
}
