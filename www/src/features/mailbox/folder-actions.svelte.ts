import type { Place } from '../../app/routes';
import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { Contents, Folder, Label, LabelColour } from '../../crypto/views';
import { t } from '../../i18n';
import { errorText } from '../../i18n/error-text';
import type { MenuItem } from '../../ui/menu-item';
import type { Notices } from '../../ui/notices.svelte';
import type { MessageActions } from './actions.svelte';
import type { Mailbox, NoteError } from './mailbox.svelte';

/** What is being asked about a folder or label. */
export type FolderDialog =
  | { kind: 'new-folder'; parent: Folder | undefined }
  | { kind: 'rename-folder'; folder: Folder }
  | { kind: 'move-folder'; folder: Folder }
  | { kind: 'delete-folder'; folder: Folder }
  | { kind: 'new-label'; name: string; made?: (label: Label) => void }
  | { kind: 'edit-label'; label: Label }
  | { kind: 'delete-label'; label: Label };

interface Parts {
  service: MailService;
  mailbox: Mailbox;
  notices: Notices;
  note: NoteError;
  actions: MessageActions;
  /** Called when the place of a folder or label is no more: whether that was the one that is shown. */
  gone: (id: string) => boolean;
  /** Shows a folder or label. */
  show: (place: Place) => void;
  /** Its messages are to be given out into a file. */
  exported?: (folder: Folder) => void;
}

/** What can be done to folders and labels. */
export class FolderActions {
  readonly #parts: Parts;
  dialog = $state.raw<FolderDialog | undefined>();
  busy = $state(false);
  error = $state<MailError | undefined>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(dialog: FolderDialog): void {
    this.error = undefined;
    this.dialog = dialog;
  }

  close(): void {
    if (!this.busy) this.dialog = undefined;
  }

  /** The menu of a folder that the person has made. */
  folderMenu(folder: Folder): MenuItem[] {
    const siblings = this.#siblings(folder);
    const at = siblings.findIndex(({ id }) => id === folder.id);
    const [before, after] = [siblings[at - 1], siblings[at + 1]];
    const items: (MenuItem | undefined)[] = [
      {
        label: t('mailbox:newFolderInside'),
        icon: 'compose',
        run: () => this.open({ kind: 'new-folder', parent: folder }),
      },
      { label: t('mailbox:rename'), icon: 'drafts', run: () => this.open({ kind: 'rename-folder', folder }) },
      {
        label: t('mailbox:moveInto'),
        icon: 'folder',
        run: () => this.open({ kind: 'move-folder', folder }),
      },
      before && { label: t('mailbox:moveUp'), icon: 'up', run: () => void this.#order(folder, before) },
      after && {
        label: t('mailbox:moveDown'),
        icon: 'down',
        run: () => void this.#order(folder, siblings[at + 2]),
      },
      this.#parts.exported && {
        label: t('transfer:exportFolder'),
        icon: 'download',
        run: () => this.#parts.exported?.(folder),
      },
      {
        label: t('mailbox:delete'),
        icon: 'trash',
        danger: true,
        run: () => this.open({ kind: 'delete-folder', folder }),
      },
    ];
    return items.filter((item) => item !== undefined);
  }

  labelMenu(label: Label): MenuItem[] {
    return [
      {
        label: t('mailbox:renameRecolour'),
        icon: 'drafts',
        run: () => this.open({ kind: 'edit-label', label }),
      },
      {
        label: t('mailbox:delete'),
        icon: 'trash',
        danger: true,
        run: () => this.open({ kind: 'delete-label', label }),
      },
    ];
  }

  /** Where a folder can be moved to: everywhere but into itself, and where it is. */
  parentsFor(folder: Folder): Folder[] {
    const { folders } = this.#parts.mailbox;
    const family = [folder, ...this.insideOf(folder)].map(({ id }) => id);
    return folders.filter(
      ({ id, role }) => role === 'custom' && !family.includes(id) && id !== folder.parent,
    );
  }

  /** A folder and those inside it. */
  insideOf(folder: Folder): Folder[] {
    const inside: Folder[] = [];
    const ids = [folder.id];
    // A folder stands behind the one that it is in.
    for (const other of this.#parts.mailbox.folders) {
      if (other.parent === undefined || !ids.includes(other.parent)) continue;
      ids.push(other.id);
      inside.push(other);
    }
    return inside;
  }

  makeFolder(name: string, parent: Folder | undefined): Promise<void> {
    return this.#do(() => this.#parts.service.makeFolder(name, parent?.id));
  }

  renameFolder(folder: Folder, name: string): Promise<void> {
    return this.#do(() => this.#parts.service.renameFolder(folder.id, name));
  }

  moveFolder(folder: Folder, parent: string | undefined): Promise<void> {
    return this.#do(() => this.#parts.service.moveFolder(folder.id, parent, undefined));
  }

  /** Deletes a folder and those inside it; the messages go where `contents` says. */
  deleteFolder(folder: Folder, contents: Contents): Promise<void> {
    return this.#do(async () => {
      const { actions, service, notices, gone, show } = this.#parts;
      const moving = await actions.emptyInSteps(folder, contents, t('mailbox:movingMessages'));
      const { failed, group } = moving;
      const [first] = failed;
      if (first) {
        notices.show(t('mailbox:folderNotDeleted', { reason: errorText(first) }));
        return;
      }
      // Whatever is told of the deletion first takes them out of the mailbox.
      const family = [folder, ...this.insideOf(folder)];
      await service.deleteFolder(folder.id);
      const shown = family.find(({ id }) => gone(id));
      const restore = () => service.restoreFolder(folder.id);
      const back = () => shown && show(`folder/${shown.id}`);
      actions.tellOfDeleted(t('mailbox:folderDeletedNotice'), { restore, back }, group);
    });
  }

  makeLabel(name: string, colour: LabelColour, made?: (label: Label) => void): Promise<void> {
    return this.#do(async () => {
      const label = await this.#parts.service.makeLabel(name, colour);
      await this.#parts.mailbox.loadFolders();
      made?.(label);
    });
  }

  changeLabel(label: Label, name: string, colour: LabelColour): Promise<void> {
    return this.#do(() => this.#parts.service.changeLabel(label.id, name, colour));
  }

  deleteLabel(label: Label): Promise<void> {
    return this.#do(async () => {
      const { service, mailbox, actions, gone, show } = this.#parts;
      const place = mailbox.labels.findIndex(({ id }) => id === label.id);
      const deleted = $state.snapshot(label);
      await service.deleteLabel(label.id);
      const wasShown = gone(label.id);
      const restore = () => service.restoreLabel(deleted, Math.max(place, 0));
      const back = () => wasShown && show(`label/${label.id}`);
      actions.tellOfDeleted(t('mailbox:labelDeleted'), { restore, back });
    });
  }

  #siblings(folder: Folder): Folder[] {
    return this.#parts.mailbox.folders.filter(
      ({ role, parent }) => role === 'custom' && parent === folder.parent,
    );
  }

  async #order(folder: Folder, before: Folder | undefined): Promise<void> {
    const { service, mailbox, notices, note } = this.#parts;
    try {
      await service.moveFolder(folder.id, folder.parent, before?.id);
      await mailbox.loadFolders();
    } catch (thrown) {
      notices.show(errorText(note(thrown)));
    }
  }

  /** Does what the dialog was for, and closes it; an error stays in it. */
  async #do(act: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.error = undefined;
    try {
      await act();
      await this.#parts.mailbox.loadFolders();
      this.dialog = undefined;
    } catch (thrown) {
      this.error = this.#parts.note(thrown);
    } finally {
      this.busy = false;
    }
  }
}
