import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { RecipientStatus } from '../../crypto/views';
import { t } from '../../i18n';
import { coreText } from '../../i18n/core-text';
import { errorText } from '../../i18n/error-text';
import { addressKey, splitAddresses } from './addresses';

/** Where looking a recipient up has come to. */
export type LookUp =
  { kind: 'checking' } | { kind: 'known'; status: RecipientStatus } | { kind: 'failed'; error: MailError };

export interface Recipient {
  /** As typed. */
  typed: string;
  /** Stays while it is asked again, with all that was opened from it. */
  lookUp: LookUp;
  /** The question that counts: answers can come in another order than they were asked for. */
  waitsFor?: symbol;
  /** Who is meant if nobody is called what was typed. */
  orElse?: string[] | undefined;
}

export type RecipientKind = 'to' | 'cc' | 'bcc';

/** One sentence on why a recipient cannot be written to; undefined when nothing stands against it. */
export function trouble({ typed, lookUp }: Recipient): string | undefined {
  if (lookUp.kind === 'failed')
    return t('compose:lookUpFailed', { address: typed, reason: errorText(lookUp.error) });
  if (lookUp.kind === 'known' && lookUp.status.state !== 'ready') return coreText(lookUp.status.text);
  return undefined;
}

/** What is said of recipients one by one. */
const MOST_TOLD = 5;

/** Whether it is said with something to be done about it. */
export function hasChangedKey({ lookUp }: Recipient): boolean {
  return lookUp.kind === 'known' && lookUp.status.state === 'changed-key';
}

/** Whose trouble is told, and of how many others there is some: each changed key has to be looked at, of the rest a few stand for all. */
export function told(list: readonly Recipient[]): { told: Recipient[]; more: number } {
  const troubled = list.filter((recipient) => trouble(recipient) !== undefined);
  const others = troubled.filter((recipient) => !hasChangedKey(recipient)).slice(MOST_TOLD);
  return { told: troubled.filter((recipient) => !others.includes(recipient)), more: others.length };
}

/** What was typed is the name of no account here. */
const NOBODY: ReadonlySet<RecipientStatus['state']> = new Set(['unknown', 'malformed']);

/** Where a recipient stands, in a word. */
export function stand(recipient: Recipient): 'checking' | 'unasked' | 'blocked' | 'ready' {
  if (recipient.lookUp.kind === 'checking') return 'checking';
  if (recipient.lookUp.kind === 'failed') return 'unasked';
  return trouble(recipient) === undefined ? 'ready' : 'blocked';
}

/** To, Cc or Bcc: the addresses that are ended, and the text that is not. */
export class RecipientField {
  readonly kind: RecipientKind;
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  readonly #changed: () => void;
  list = $state<Recipient[]>([]);
  /** What is being typed. */
  typing = $state('');

  constructor(
    kind: RecipientKind,
    service: MailService,
    note: (thrown: unknown) => MailError,
    changed: () => void,
  ) {
    this.kind = kind;
    this.#service = service;
    this.#note = note;
    this.#changed = changed;
  }

  get typed(): string[] {
    return this.list.map((recipient) => recipient.typed);
  }

  /** The addresses, as far as they are known; else what was typed. */
  get addresses(): string[] {
    return this.list.map(({ typed, lookUp }) => (lookUp.kind === 'known' && lookUp.status.address) || typed);
  }

  /** Those, and what is being typed. */
  get written(): string[] {
    return [...this.typed, ...splitAddresses(this.typing)];
  }

  /** Puts addresses in place of what is there, and looks them up. */
  set(addresses: string[]): void {
    this.list = [];
    this.typing = '';
    this.#add(addresses);
  }

  /** Ends the address that is being typed. Those of `orElse` are taken in its place if it turns out to be nobody's. */
  commit(orElse?: string[]): void {
    const addresses = splitAddresses(this.typing);
    this.typing = '';
    if (addresses.length > 0) this.#add(addresses, orElse);
  }

  /** Takes addresses in place of what is being typed. */
  take(addresses: string[]): void {
    this.typing = '';
    this.#add(addresses);
  }

  remove(typed: string): void {
    this.list = this.list.filter((recipient) => recipient.typed !== typed);
    this.#changed();
  }

  /** Looks up again what could not be looked up, or all after a key was accepted. */
  async check(again: (recipient: Recipient) => boolean = (recipient) => recipient.lookUp.kind === 'failed') {
    const addresses = this.list.filter(again).map((recipient) => recipient.typed);
    if (addresses.length > 0) await this.#lookUp(addresses);
  }

  #add(addresses: string[], orElse?: string[]): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
    const known = new Set(this.list.map(({ typed }) => addressKey(typed)));
    const fresh = addresses.filter((typed) => {
      const key = addressKey(typed);
      return !known.has(key) && known.add(key);
    });
    const added = fresh.map((typed): Recipient => ({ typed, lookUp: { kind: 'checking' }, orElse }));
    this.list = [...this.list, ...added];
    this.#changed();
    if (fresh.length > 0) void this.#lookUp(fresh);
  }

  async #lookUp(addresses: string[]): Promise<void> {
    const asked = Symbol();
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
    const wanted = new Set(addresses);
    for (const recipient of this.list) {
      if (wanted.has(recipient.typed)) recipient.waitsFor = asked;
    }
    try {
      const found = await this.#service.lookUp(addresses);
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
      const byTyped = new Map(found.map((status) => [status.typed, status]));
      this.#put(asked, (typed) => {
        const status = byTyped.get(typed);
        return status ? { kind: 'known', status } : { kind: 'checking' };
      });
      this.#dropTwins();
      this.#takeMeant();
    } catch (thrown) {
      const error = this.#note(thrown);
      this.#put(asked, () => ({ kind: 'failed', error }));
    }
  }

  /** Of addresses that were typed in several ways and are one, as `bob` and `bob@here` are, the first stays. */
  #dropTwins(): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
    const seen = new Set<string>();
    this.list = this.list.filter(({ lookUp }) => {
      const address = lookUp.kind === 'known' ? lookUp.status.address : undefined;
      if (address === undefined) return true;
      const key = addressKey(address);
      return !seen.has(key) && Boolean(seen.add(key));
    });
  }

  /** Puts who was meant in place of those who turned out to be nobody. */
  #takeMeant(): void {
    const isNobody = ({ orElse, lookUp }: Recipient) =>
      orElse !== undefined && lookUp.kind === 'known' && NOBODY.has(lookUp.status.state);
    const meant = this.list.filter(isNobody).flatMap(({ orElse }) => orElse ?? []);
    if (meant.length === 0) return;
    this.list = this.list.filter((recipient) => !isNobody(recipient));
    this.#add(meant);
  }

  /** Says where those have come to that still wait for this look-up. */
  #put(asked: symbol, lookUp: (typed: string) => LookUp): void {
    for (const recipient of this.list) {
      if (recipient.waitsFor === asked) recipient.lookUp = lookUp(recipient.typed);
    }
  }
}
