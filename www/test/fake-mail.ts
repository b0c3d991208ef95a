import { FOLDER_ROLES } from '../src/app/routes';
import type {
  Draft,
  Folder,
  FolderRole,
  MessageRow,
  MessageView,
  Person,
  SignatureState,
} from '../src/crypto/views';

const HOUR_MS = 3_600_000;

export const ALICE: Person = { name: '', address: 'alice@localhost' };

const PEOPLE = {
  bob: { name: 'Bob Marchetti', address: 'bob@localhost' },
  carol: { name: 'Carol Nwosu', address: 'carol@localhost' },
  dave: { name: '', address: 'dave@localhost' },
  erin: { name: 'Erin Halvorsen', address: 'erin@localhost' },
  mallory: { name: 'Mallory', address: 'mallory@localhost' },
} satisfies Record<string, Person>;

interface Seed {
  role: FolderRole;
  from: Person;
  to: Person[];
  subject: string;
  text: string;
  ageHours: number;
  unread?: boolean;
  starred?: boolean;
  fault?: string;
}

const SEEDS: Seed[] = [
  {
    role: 'inbox',
    from: PEOPLE.bob,
    to: [ALICE, PEOPLE.carol],
    subject: 'Dinner on Saturday',
    text: 'Hi Alice,\n\nshall we meet at eight? I booked the table by the window; the menu is at https://example.org/menu.\n\nThe train at 18:40 gets you here in time. Bring the photos from the lake, Carol has been asking for weeks.\n\nBob\n\n> On Monday you wrote:\n> Saturday works for me. Can Carol come too?\n> I will bring dessert.',
    ageHours: 0.4,
    unread: true,
  },
  {
    role: 'inbox',
    from: PEOPLE.erin,
    to: [ALICE],
    subject: 'Minutes of the board meeting, and two things to decide before the end of the month',
    text: 'Dear all,\n\nthe minutes are below. Please answer the two questions at the end by Friday.\n\n1. Who speaks at the opening?\n2. Which of the two venues do we take?\n\nErin',
    ageHours: 3,
    unread: true,
  },
  {
    role: 'inbox',
    from: PEOPLE.carol,
    to: [ALICE],
    subject: 'Re: Photos from the lake',
    text: 'They are wonderful. The third one goes on the wall!\n\nCarol',
    ageHours: 20,
    starred: true,
  },
  { role: 'inbox', from: PEOPLE.dave, to: [ALICE], subject: '', text: 'Call me when you can.', ageHours: 31 },
  {
    role: 'inbox',
    from: PEOPLE.mallory,
    to: [ALICE],
    subject: 'Your parcel',
    text: 'Please confirm.',
    ageHours: 52,
  },
  {
    role: 'inbox',
    from: PEOPLE.dave,
    to: [ALICE],
    subject: 'Damaged',
    text: '',
    ageHours: 60,
    fault: 'This message was changed on its way and was not opened.',
  },
  {
    role: 'inbox',
    from: PEOPLE.bob,
    to: [ALICE],
    subject: 'Keys to the allotment',
    text: 'They are with the neighbour.',
    ageHours: 26 * 24,
  },
  {
    role: 'inbox',
    from: PEOPLE.erin,
    to: [ALICE],
    subject: 'Happy new year',
    text: 'All the best!',
    ageHours: 330 * 24,
  },
  {
    role: 'sent',
    from: ALICE,
    to: [PEOPLE.bob],
    subject: 'Saturday',
    text: 'Saturday works for me. Can Carol come too?\nI will bring dessert.',
    ageHours: 30,
  },
  {
    role: 'drafts',
    from: ALICE,
    to: [PEOPLE.erin],
    subject: 'Venues',
    text: 'Dear Erin,\n\nI would take the smaller one because',
    ageHours: 1,
  },
];

export interface Stored {
  row: MessageRow;
  view: MessageView;
}

function seedRow(seed: Seed, index: number, folderId: string, nowMs: number): MessageRow {
  const dateMs = nowMs - seed.ageHours * HOUR_MS;
  return {
    id: index.toString(16).padStart(32, '0'),
    folderId,
    from: seed.from,
    to: seed.to,
    subject: seed.subject,
    snippet: seed.text.replace(/\s+/g, ' ').slice(0, 120),
    dateMs,
    arrivalMs: dateMs,
    sizeBytes: seed.text.length + 4_000,
    version: 1,
    unread: seed.unread ?? false,
    starred: seed.starred ?? false,
    labels: [],
    snoozedUntilMs: undefined,
    attachments: 0,
    signature: signature(seed),
    fault: seed.fault,
    conversation: undefined,
  };
}

function signature({ from, fault }: Seed): SignatureState | undefined {
  if (fault !== undefined || from === ALICE) return undefined;
  return from === PEOPLE.mallory ? 'unsigned' : 'verified';
}

/** A row and what it opens to. */
export function stored(row: MessageRow, text: string): Stored {
  const bad = row.from === PEOPLE.mallory;
  const view: MessageView = {
    id: row.id,
    folderId: row.folderId,
    from: row.from,
    to: row.to,
    cc: [],
    bcc: [],
    replyTo: [row.from],
    subject: row.subject,
    dateMs: row.dateMs,
    text,
    formatted: [],
    preferPlain: false,
    attachments: [],
    remoteContent: bad ? 'ask-each-time' : 'ask',
    messageId: `${row.id}@localhost`,
    references: [],
    warnings: [],
    notes: bad ? ['The sender’s mail program named no character set; the text may look odd.'] : [],
    security: {
      encrypted: true,
      signature: bad ? 'unsigned' : 'verified',
      text: bad
        ? 'Encrypted, but not signed: anyone may have written this.'
        : `Encrypted end to end. Verified: signed by ${row.from.address}.`,
      signerFingerprint: undefined,
      signedAtMs: undefined,
      signedWith: undefined,
      senderVerified: false,
      keyChange: undefined,
      encryptedWith: undefined,
    },
  };
  return { row, view };
}

export const FOLDERS: Folder[] = FOLDER_ROLES.map((role) => ({
  id: `folder-${role}`,
  role,
  name: undefined,
  parent: undefined,
  unread: 0,
  total: 0,
}));

/** The mail that a fake account begins with. */
export function seededMail(nowMs: number): Stored[] {
  return SEEDS.map((seed, index) =>
    stored(seedRow(seed, index + 1, `folder-${seed.role}`, nowMs), seed.text),
  );
}

export const EMPTY_DRAFT: Draft = {
  id: undefined,
  version: undefined,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  text: '',
  inReplyTo: undefined,
  references: [],
  attachments: [],
};

/** The row of what was written just now. */
export function rowOf(draft: Draft, id: string, folderId: string): MessageRow {
  const nowMs = Date.now();
  return {
    id,
    folderId,
    from: ALICE,
    to: draft.to.map((address) => ({ name: '', address })),
    subject: draft.subject,
    snippet: draft.text.slice(0, 120),
    dateMs: nowMs,
    arrivalMs: nowMs,
    sizeBytes: 5_000,
    version: 1,
    unread: false,
    starred: false,
    labels: [],
    snoozedUntilMs: undefined,
    attachments: draft.attachments?.length ?? 0,
    signature: undefined,
    fault: undefined,
    conversation: undefined,
  };
}
