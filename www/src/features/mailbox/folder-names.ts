import type { FolderRole } from '../../crypto/views';

export const FOLDER_NAME: Record<FolderRole, string> = {
  inbox: 'Inbox',
  sent: 'Sent',
  drafts: 'Drafts',
  archive: 'Archive',
  trash: 'Trash',
};

/** What an empty folder says. */
export const FOLDER_EMPTY: Record<FolderRole, string> = {
  inbox: 'New mail shows up here by itself.',
  sent: 'What you send is kept here, encrypted for you.',
  drafts: 'What you begin to write is kept here, sealed.',
  archive: 'Put away here what you want to keep out of the inbox.',
  trash: 'What you delete waits here until you delete it for good.',
};
