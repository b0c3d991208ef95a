import { mailError, type MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { Folder, ItemFailure, MessageRow, Operation, Organised } from '../../crypto/views';
import { t } from '../../i18n';
import { errorText } from '../../i18n/error-text';
import type { Notices } from '../../ui/notices.svelte';
import type { Mailbox, NoteError } from './mailbox.svelte';
import { afterwards, eachOnce, wordOn } from './operations';

/** Messages given to the worker at a time. */
const BATCH = 50;
/** Subjects named when something could not be done with their messages. */
const NAMED = 3;
/** Of notices of what was done only the newest is on show. */
const DONE = 'done';

/** Something that takes a while. */
export interface Under {
  text: string;
  done: number;
  total: number;
}

/** What is asked before something that cannot be undone. */
export type Question =
  { kind: 'delete'; ids: string[]; subject: string | undefined } | { kind: 'empty'; folder: Folder };

/** What was done to these messages; until it is done there is nothing to undo. */
interface Undoable {
  ids: string[];
  group?: number;
  /** What was said to be done. */
  word?: string;
  /** What the messages were in, if that was deleted. */
  lost?: Lost;
}

/** A folder or label that was deleted. */
export interface Lost {
  restore: () => Promise<void>;
  /** Called when it is back, with all that was in it. */
  back: () => void;
}

export interface Parts {
  service: MailService;
  mailbox: Mailbox;
  notices: Notices;
  note: NoteError;
  /** Called with those messages that leave the place they are shown in; with `stays`, only the reader. */
  left: (ids: string[], stays?: boolean) => void;
  /** Called with those that are back where they were. */
  returned: (ids: string[]) => void;
  /** Called when it may have changed what is snoozed until when. */
  snoozed: () => void;
}

function canBeUndone({ group, lost }: Undoable): boolean {
  return group !== undefined || lost !== undefined;
}

/** What can be done to messages, one or many, with a word on what became of it. */
export class MessageActions {
  readonly #parts: Parts;
  /** What can be undone, in the order in which it was begun: what is begun later may be done earlier. */
  #undos: Undoable[] = [];
  /** All that is under way. */
  #doing: Promise<unknown> = Promise.resolve();
  question = $state<Question | undefined>();
  under = $state<Under | undefined>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Does something with each of these. Rows show it at once, and are put right again where it fails. */
  act(ids: string[], operation: Operation): Promise<void> {
    const doing = this.#act(ids, operation);
    this.#doing = Promise.all([this.#doing, doing]);
    return doing;
  }

  async #act(ids: string[], operation: Operation): Promise<void> {
    const isSet = operation.kind === 'star' || operation.kind === 'unread';
    // A mark is set on what a row shows; everything else is done to the whole conversation.
    const all = isSet ? ids : this.#messages(ids);
    const place: Undoable = { ids: all };
    this.#undos.push(place);
    const { before, expected } = this.#show(ids, operation);
    try {
      const working = this.#inBatches(all, operation).finally(() => this.#parts.mailbox.met(expected));
      const { rows, failed, undo } = await working;
      this.#takeRows(rows);
      for (const { id } of failed) this.#putBack(before.find((row) => row.id === id));
      const done = all.length - failed.length;
      if (undo !== undefined) place.group = undo;
      if (done > 0) this.#say(wordOn(operation, done, this.#parts.mailbox), place);
      if (failed.length > 0) this.#tellOf(failed, before);
    } catch (thrown) {
      before.forEach((row) => this.#putBack(row));
      this.#fail(thrown);
    }
    if (place.group === undefined) this.#undos = this.#undos.filter((other) => other !== place);
    await this.#settle(operation);
  }

  star(row: MessageRow): Promise<void> {
    return this.act([row.id], { kind: row.starred ? 'unstar' : 'star' });
  }

  /** Undoes what was done last. */
  async undoLast(): Promise<void> {
    // What is still under way is what was done last.
    await this.#doing;
    const place = this.#undos.findLast(canBeUndone);
    if (place === undefined) this.#parts.notices.show(t('mailbox:nothingToUndo'), undefined, DONE);
    else await this.#undo(place);
  }

  /** Says that a folder or label was deleted, and offers to bring it back: with the messages that this group has moved. */
  tellOfDeleted(text: string, lost: Lost, group?: number): void {
    const place: Undoable = group === undefined ? { ids: [], lost } : { ids: [], lost, group };
    this.#undos.push(place);
    this.#say(text, place);
  }

  async #undo(place: Undoable): Promise<void> {
    this.#undos = this.#undos.filter((other) => other !== place);
    const { lost, group, word } = place;
    try {
      await lost?.restore();
      delete place.lost;
      const failed = group === undefined ? [] : await this.#undoAll(group, word);
      if (failed.length > 0) this.#tellOf(failed, []);
      else
        this.#parts.notices.show(
          word ? t('mailbox:undoneWhat', { what: word }) : t('mailbox:undone'),
          undefined,
          DONE,
        );
    } catch (thrown) {
      // A name that is taken by now can be freed.
      if (place.lost) this.#undos.push(place);
      const { code } = this.#noted(thrown);
      if (place.lost && code === 'name-taken') this.#parts.notices.show(t('mailbox:nameGivenAway'));
      else this.#fail(thrown);
    }
    await this.#settle(undefined);
    if (lost && !place.lost) lost.back();
    this.#parts.returned(place.ids);
  }

  askToDelete(ids: string[]): void {
    const [first, ...others] = ids;
    const row = first !== undefined && others.length === 0 ? this.#parts.mailbox.find(first) : undefined;
    this.question = { kind: 'delete', ids, subject: row && (row.subject || t('common:noSubject')) };
  }

  askToEmpty(folder: Folder): void {
    this.question = { kind: 'empty', folder };
  }

  keep(): void {
    this.question = undefined;
  }

  /** The person has said yes. */
  async confirm(): Promise<void> {
    const { question } = this;
    this.question = undefined;
    if (question?.kind === 'delete') await this.#delete(question.ids);
    if (question?.kind === 'empty') await this.#empty(question.folder);
  }

  async #delete(ids: string[]): Promise<void> {
    const all = this.#messages(ids);
    this.#parts.left(ids);
    try {
      const { removed, failed } = await this.#batches(all, t('mailbox:deleting'), (batch) =>
        this.#parts.service.deleteAll(batch),
      );
      for (const id of removed) this.#parts.mailbox.remove(id);
      this.#forgetUndos(removed);
      if (removed.length > 0) this.#say(t('mailbox:deletedForGood', { count: removed.length }));
      if (failed.length > 0) this.#tellOf(failed, []);
    } catch (thrown) {
      this.#fail(thrown);
    }
    await this.#settle(undefined);
  }

  async #empty(folder: Folder): Promise<void> {
    try {
      const { failed } = await this.emptyInSteps(folder, { kind: 'gone' }, t('mailbox:deleting'));
      if (failed.length > 0) this.#tellOf(failed, []);
      else this.#say(t('mailbox:allDeleted'));
    } catch (thrown) {
      this.#fail(thrown);
    }
    await this.#settle(undefined);
  }

  /** Takes all messages out of a folder and those inside it: what could not be taken out, and the group of what was moved. */
  async emptyInSteps(
    folder: Folder,
    contents: Parameters<MailService['emptyFolder']>[1],
    text: string,
  ): Promise<{ failed: ItemFailure[]; group: number | undefined }> {
    let done = 0;
    let group: number | undefined;
    const taken: string[] = [];
    try {
      for (;;) {
        const step = await this.#parts.service.emptyFolder(folder.id, contents, group);
        const { rows, removed, failed, left } = step;
        group = step.undo ?? group;
        this.#takeRows(rows);
        this.#parts.left(removed);
        for (const id of removed) this.#parts.mailbox.remove(id);
        taken.push(...rows.map(({ id }) => id), ...removed);
        done += rows.length + removed.length;
        if (left === 0 || rows.length + removed.length === 0) return { failed, group };
        this.under = { text, done, total: done + left };
      }
    } finally {
      this.under = undefined;
      this.#forgetUndos(taken);
    }
  }

  /** What was done to none but these cannot be undone any more: they are gone, or where nothing leads back from. */
  #forgetUndos(ids: string[]): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
    const gone = new Set(ids);
    const [lost, kept] = [[], []] as [Undoable[], Undoable[]];
    const isGone = ({ ids, lost }: Undoable) => !lost && ids.every((id) => gone.has(id));
    for (const place of this.#undos) (isGone(place) ? lost : kept).push(place);
    this.#undos = kept;
    if (lost.length > 0) this.#parts.notices.dismissTopic(DONE);
  }

  /** The messages that these rows stand for. */
  #messages(ids: string[]): string[] {
    return eachOnce(ids.flatMap((id) => this.#parts.mailbox.messagesOf(id)));
  }

  /** Shows what the rows will be, and answers that with what they were. */
  #show(ids: string[], operation: Operation): { before: MessageRow[]; expected: MessageRow[] } {
    const { mailbox, left } = this.#parts;
    const rows = ids.map((id) => mailbox.find(id)).filter((row) => row !== undefined);
    const changed = rows.map((row) => afterwards(row, operation, mailbox));
    const leaving = rows.filter(
      (row, at) => changed[at]?.folderId !== row.folderId || operation.kind === 'restore',
    );
    if (operation.kind === 'unread') left(ids, true);
    else left(leaving.map((row) => row.id));
    mailbox.expect(changed);
    return { before: rows, expected: changed };
  }

  #putBack(row: MessageRow | undefined): void {
    if (row) this.#parts.mailbox.put(row);
  }

  async #inBatches(ids: string[], operation: Operation): Promise<Organised> {
    let group: number | undefined;
    const all = await this.#batches(ids, t('mailbox:working'), async (batch) => {
      const part = await this.#parts.service.organise(batch, operation, group);
      group = part.undo ?? group;
      return part;
    });
    return { ...all, undo: group };
  }

  /** One batch after another, with the progress of more than one. Without a connection the rest is not tried. */
  async #batches(
    ids: string[],
    text: string,
    act: (batch: string[]) => Promise<Organised>,
  ): Promise<Organised> {
    const all: Organised = { rows: [], removed: [], failed: [], undo: undefined, left: 0 };
    try {
      for (let from = 0; from < ids.length; from += BATCH) {
        if (ids.length > BATCH) this.under = { text, done: from, total: ids.length };
        const part = await act(ids.slice(from, from + BATCH));
        all.rows.push(...part.rows);
        all.removed.push(...part.removed);
        all.failed.push(...part.failed);
        const end = part.failed.find(({ code }) => code === 'offline' || code === 'no-session');
        if (!end) continue;
        all.failed.push(...ids.slice(from + BATCH).map((id) => ({ ...end, id })));
        break;
      }
    } finally {
      this.under = undefined;
    }
    return all;
  }

  async #undoAll(group: number, word: string | undefined): Promise<ItemFailure[]> {
    try {
      for (let done = 0; ;) {
        const { rows, failed, undo, left } = await this.#parts.service.undo(group);
        this.#takeRows(rows);
        done += rows.length;
        if (undo === undefined) return failed;
        if (rows.length === 0) {
          this.#undos.push({ ids: failed.map(({ id }) => id), group, ...(word && { word }) });
          return failed;
        }
        this.under = { text: t('mailbox:undoing'), done, total: done + left };
      }
    } finally {
      this.under = undefined;
    }
  }

  #takeRows(rows: MessageRow[]): void {
    for (const row of rows) this.#parts.mailbox.put(row);
  }

  #say(text: string, place?: Undoable): void {
    if (place) place.word = text;
    const action =
      place && canBeUndone(place)
        ? { label: t('common:undo'), run: () => void this.#undo(place) }
        : undefined;
    this.#parts.notices.show(text, action, DONE);
  }

  /** Says which messages something could not be done with, and why. */
  #tellOf(failed: ItemFailure[], before: MessageRow[]): void {
    const subjects = failed.slice(0, NAMED).map(({ id }) => {
      const row = before.find((row) => row.id === id) ?? this.#parts.mailbox.find(id);
      return row ? t('common:quoted', { text: row.subject || t('common:noSubject') }) : t('mailbox:notShown');
    });
    const more = failed.length - subjects.length;
    const named = subjects.join(t('common:comma'));
    const all = more > 0 ? t('mailbox:andMore', { subjects: named, count: more }) : named;
    const reason = failed[0] ? errorText(failed[0]) : '';
    this.#parts.notices.show(t('common:notDone', { subjects: all, reason }));
  }

  #fail(thrown: unknown): void {
    this.#parts.notices.show(errorText(this.#noted(thrown)));
  }

  #noted(thrown: unknown): MailError {
    return mailError(this.#parts.note(thrown));
  }

  async #settle(operation: Operation | undefined): Promise<void> {
    if (operation === undefined || operation.kind === 'snooze' || operation.kind === 'restore') {
      this.#parts.snoozed();
    }
    await Promise.all([this.#parts.mailbox.refresh(), this.#parts.mailbox.loadFolders()]);
  }
}
