import type { ServerApi } from '../api/server-api';
import type { MailEvent, MailService, OnStep } from '../crypto/mail-service';
import type { Draft, MessageRow, MessageView, SyncOutcome } from '../crypto/views';
import { WaitingMessages } from '../features/compose/waiting.svelte';
import { firstSignature } from '../features/compose/signature';
import { draftOfLink } from '../features/compose/new-draft';
import { ComposeWindows } from '../features/compose/windows.svelte';
import { ContactActions } from '../features/contacts/contact-actions.svelte';
import { Contacts } from '../features/contacts/contacts.svelte';
import type { People } from '../features/contacts/context';
import { Mailbox } from '../features/mailbox/mailbox.svelte';
import { personLabel } from '../features/mailbox/people';
import { Waker } from '../features/mailbox/waker';
import { quoteWords } from '../features/compose/quote-words';
import type { Answer } from '../features/reader/answer';
import { Conversation } from '../features/reader/conversation.svelte';
import { Reader } from '../features/reader/reader.svelte';
import { Search } from '../features/search/search.svelte';
import { Preferences } from '../features/settings/preferences.svelte';
import { Transfers } from '../features/transfer/transfers.svelte';
import { Shortcuts } from '../features/settings/shortcuts.svelte';
import { t } from '../i18n';
import { errorText } from '../i18n/error-text';
import { Away } from '../offline/away.svelte';
import { Notifier } from '../offline/notifier';
import { Notices } from '../ui/notices.svelte';
import { Router } from './router.svelte';
import { mailPath } from './routes';
import { Session } from './session.svelte';
import { Siblings, type SiblingWord } from './siblings';
import { ThemeChoice } from './theme.svelte';

/** The topic of notices of new mail. */
const NEW_MAIL = 'new-mail';
/** That of a draft that was kept, which says nothing of anybody's mail. */
const SAVED = 'saved';
/** That of a draft that was thrown away: of two only the last can be brought back. */
const DISCARDED = 'discarded';

/** Everything the page knows, wired together once. */
export class AppState {
  readonly service: MailService;
  readonly api: ServerApi;
  readonly router = new Router((link) => void this.#write(link));
  readonly theme = new ThemeChoice();
  readonly notices = new Notices();
  readonly session: Session;
  readonly mailbox: Mailbox;
  readonly reader: Reader;
  /** What belongs to the message that the reader shows. */
  readonly conversation: Conversation;
  /** Brings back what was snoozed. */
  readonly waker: Waker;
  /** What is being written. */
  readonly compose: ComposeWindows;
  /** What waits to be sent. */
  readonly waiting: WaitingMessages;
  readonly search: Search;
  /** What the person has chosen, the same in all sessions. */
  readonly preferences: Preferences;
  readonly contacts: Contacts;
  readonly contactActions: ContactActions;
  /** What makes the app work without a network. */
  readonly away: Away;
  /** Tells of new mail while nobody looks. */
  readonly notifier: Notifier;
  /** Mail in and out in files. */
  readonly transfers: Transfers;
  /** The sheet of keys. */
  readonly shortcuts = new Shortcuts();
  readonly #siblings = new Siblings();
  /** How many messages the notice on show tells of. */
  #announced = 0;
  online = $state(true);

  constructor(service: MailService, api: ServerApi) {
    const say = (sentence: string) => {
      this.notices.show(sentence);
    };
    const { note } = this;
    this.service = service;
    this.api = api;
    this.preferences = new Preferences(service, note, this.theme);
    this.session = new Session(
      service,
      () => this.compose.hasText,
      ({ id, address }) => this.#siblings.tell({ kind: 'logged-in', accountId: id, address }),
    );
    this.mailbox = new Mailbox(service, note);
    this.conversation = new Conversation(service, note, say);
    this.search = new Search(service, note);
    this.mailbox.also = this.search;
    this.contacts = new Contacts(service, note);
    this.contactActions = new ContactActions(this.contacts, this.notices);
    this.waker = new Waker(service, (rows) => this.#woken(rows));
    this.reader = new Reader(service, note, say);
    this.transfers = new Transfers({ service, note, changed: () => this.#listsChanged(), say });
    this.waiting = new WaitingMessages({
      service,
      notices: this.notices,
      note,
      write: (draft) => this.compose.open(draft),
      sent: (row) => this.#sent(row),
      changed: () => this.#listsChanged(),
    });
    this.compose = new ComposeWindows(service, {
      note,
      signature: (isAnswer) => firstSignature(this.preferences.current, isAnswer),
      undoMs: () => 1_000 * this.preferences.current.undoSendS,
      waits: (row, afterMs, isUndo) => this.waiting.began(row, afterMs, isUndo),
      sent: (row) => this.#sent(row),
      saved: () => void this.mailbox.refresh(),
      kept: () =>
        this.notices.show(
          t(this.away.outbox.drafts.length > 0 ? 'offline:draftKept' : 'app:draftSaved'),
          undefined,
          SAVED,
        ),
      discarded: (bringBack) =>
        this.notices.show(t('app:draftDiscarded'), { label: t('common:undo'), run: bringBack }, DISCARDED),
    });
    this.away = new Away(service, {
      note,
      takenOut: (draft) => void this.compose.open(draft),
      refused: (error) => this.notices.show(errorText(error)),
    });
    this.notifier = new Notifier(
      {
        newMail: () => t('offline:newMail'),
        from: (person) => t('offline:newMailFrom', { person }),
        subject: (row) => row.subject || t('offline:noSubject'),
      },
      (row) => personLabel(row.from),
      (id) => this.router.go(mailPath('inbox', id)),
    );
  }

  /** What components anywhere may know of the address book. */
  get people(): People {
    const { contacts, contactActions: actions, notices, router, session } = this;
    const go = (path: string) => {
      router.go(path);
    };
    return { contacts, actions, notices, domain: () => session.account?.domain ?? '', go };
  }

  /** Takes note of an error that may end the session. */
  readonly note = (thrown: unknown) => this.session.noted(thrown);

  /** Opens a live session and begins to listen; the returned function stops listening. */
  start(): () => void {
    const stops = [
      this.router.listen(),
      this.service.subscribe((event) => this.#take(event)),
      this.#siblings.listen((word) => this.#hear(word)),
      this.notifier.watch(),
    ];
    const catchUp = () => this.#catchUp();
    const goOffline = () => (this.online = false);
    window.addEventListener('focus', catchUp);
    window.addEventListener('offline', goOffline);
    window.addEventListener('online', catchUp);
    stops.push(() => window.removeEventListener('focus', catchUp));
    stops.push(() => window.removeEventListener('offline', goOffline));
    stops.push(() => window.removeEventListener('online', catchUp));
    void this.session.start();
    return () => stops.forEach((stop) => stop());
  }

  /** Opens a message; it counts as read from then on. */
  async read(id: string): Promise<void> {
    // The message is asked for first: what is around it can wait.
    const opened = this.reader.open(id);
    const around = this.conversation.show(id);
    if (!(await opened)) return;
    this.#prefetchAfter(id);
    await around;
    // It is marked as read.
    await Promise.all([this.mailbox.refresh(), this.mailbox.loadFolders()]);
  }

  /** Opens the message below this one ahead: it is what most people read next. */
  #prefetchAfter(id: string): void {
    const next = this.mailbox.after(id);
    if (next && !next.fault) void this.service.prefetch(next.id).catch(() => undefined);
  }

  closeMessage(): void {
    this.reader.close();
    this.conversation.close();
  }

  /** Begins an answer to a message, or passes it on. */
  async answer(message: MessageView, how: Answer): Promise<void> {
    await this.#tell(async () => this.compose.open(await this.#answerDraft(message, how)));
  }

  /** Begins the message that a `mailto:` link asks for. */
  async #write(link: string): Promise<void> {
    const draft = draftOfLink(link);
    if (draft && this.session.state.kind === 'open') await this.compose.begin(draft);
  }

  async editDraft(id: string): Promise<void> {
    await this.#tell(async () => this.compose.open(await this.service.openDraft(id)));
  }

  /** Keeps an open draft, then logs out. A draft that cannot be kept stays on show instead. */
  async logOut(): Promise<void> {
    const givesUp = this.away.isLeaving;
    if (this.compose.isOpen && !(await this.compose.close())) return;
    this.away.isLeaving = this.away.outbox.rows.length > 0 && !this.away.isLeaving;
    // It is asked whether what has not gone out may be deleted.
    if (this.away.isLeaving) return;
    this.#siblings.tell({ kind: 'logged-out' });
    await this.session.logOut();
    this.forget();
    // What was kept here alone is deleted with the rest.
    if (givesUp) this.notices.dismissTopic(SAVED);
  }

  /** Opens the newer version of the app; what is being written is kept first. */
  async update(): Promise<void> {
    if (this.compose.isOpen && !(await this.compose.close())) return;
    this.away.shell.takeOver();
  }

  /** Logs out on every device. An open draft is kept first; one that cannot be kept stays on show instead. */
  async logOutEverywhere(): Promise<void> {
    if (this.compose.isOpen && !(await this.compose.close())) return;
    await this.session.logOutEverywhere(() => this.api.revokeAllSessions());
    this.#siblings.tell({ kind: 'logged-out' });
    this.forget();
  }

  /** Deletes the account that is open, if the password is right. */
  async deleteAccount(password: string, onStep: OnStep): Promise<void> {
    await this.session.deleteAccount(password, onStep);
    this.#siblings.tell({ kind: 'logged-out' });
    this.compose.drop();
    this.forget();
  }

  /** Forgets what was on show of an account that is no longer open. */
  forget(): void {
    this.waker.stop();
    this.transfers.forget();
    this.mailbox.clear();
    this.search.clear();
    this.away.closed();
    this.preferences.clear();
    this.contacts.clear();
    this.closeMessage();
    this.notices.keepOnly(SAVED);
    if (this.session.state.kind === 'closed') this.compose.drop();
  }

  #answerDraft(message: MessageView, how: Answer): Promise<Draft> {
    const [id, words] = [message.id, quoteWords(message)];
    switch (how) {
      case 'reply':
        return this.service.replyDraft(id, words);
      case 'reply-all':
        return this.service.replyAllDraft(id, words);
      case 'forward':
        return this.service.forwardDraft(id, words);
    }
  }

  #sent(row: MessageRow): void {
    if (this.away.outbox.has(row.id)) {
      const action = { label: t('offline:show'), run: () => this.router.go(mailPath('outbox')) };
      return this.notices.show(t('offline:queued'), action);
    }
    this.notices.show(t('app:messageSent'));
    this.#listsChanged();
  }

  #listsChanged(): void {
    void this.mailbox.refresh();
    void this.mailbox.loadFolders();
  }

  /** Opens what could not be fetched while the server was out of reach. */
  async #readAgain(): Promise<void> {
    const { state } = this.reader;
    if (state.kind === 'failed' && state.error.code === 'offline') await this.read(state.id);
  }

  #hear(word: SiblingWord): void {
    if (word.kind === 'logged-out') this.session.ended(t('app:otherTab'));
    else if (this.session.account?.id !== word.accountId)
      this.session.ended(t('app:otherAccount', { address: word.address }));
  }

  #take(event: MailEvent): void {
    this.away.take(event);
    switch (event.kind) {
      case 'synced':
        this.online = true;
        return this.#synced(event.outcome);
      case 'taken-in':
        void this.conversation.refresh();
        return void this.mailbox.takenIn();
      case 'session-ended':
        return this.session.ended();
      case 'indexed':
        return this.search.take(event.progress);
      case 'connection':
        this.online = event.online;
    }
  }

  #synced(outcome: SyncOutcome): void {
    const inbox = this.mailbox.folder('inbox');
    const known = this.mailbox.list('inbox');
    const fresh = outcome.changed.filter(
      (row) => row.unread && row.folderId === inbox?.id && known && row.arrivalMs > known.newestMs,
    );
    this.mailbox.apply(outcome);
    if (outcome.settings) this.preferences.take(outcome.settings);
    void this.conversation.refresh();
    this.contacts.follow(outcome.contactsVersion);
    this.search.follow(outcome.changed.length + outcome.removed.length);
    // The server was reached, whoever has noticed before that it could not be.
    void this.mailbox.loadFailed();
    void this.compose.serverReached();
    void this.#readAgain();
    // Another session may have put something aside, or brought it back.
    if (outcome.changed.length > 0) void this.waker.look();
    this.#announce(fresh);
    void this.notifier.tell(fresh, this.preferences.current);
    if (outcome.secondFactor !== undefined)
      this.notices.show(t(outcome.secondFactor ? 'factor:turnedOn' : 'factor:turnedOff'));
  }

  /** What was put aside is back. */
  #woken(rows: MessageRow[]): void {
    for (const row of rows) this.mailbox.put(row);
    void this.mailbox.loadFolders();
    this.notices.show(t('app:woken', { count: rows.length }));
  }

  /** One notice for a burst of mail, not one for each message. It names nobody who is not verified. */
  #announce(fresh: MessageRow[]): void {
    const [latest] = fresh;
    if (!latest) return;
    this.#announced = fresh.length + (this.notices.shows(NEW_MAIL) ? this.#announced : 0);
    const isKnown = this.#announced === 1 && latest.signature === 'verified';
    const text = isKnown
      ? t('app:newMailFrom', { name: personLabel(latest.from) })
      : t('app:newMail', { count: this.#announced });
    this.notices.show(text, undefined, NEW_MAIL);
  }

  #catchUp(): void {
    if (this.session.state.kind !== 'open') return;
    this.service.sync().catch((thrown: unknown) => this.session.noted(thrown));
  }

  async #tell(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      this.notices.show(errorText(this.session.noted(thrown)));
    }
  }
}
