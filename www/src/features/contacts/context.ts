import { getContext, setContext } from 'svelte';
import type { Notices } from '../../ui/notices.svelte';
import type { ContactActions } from './contact-actions.svelte';
import type { Contacts } from './contacts.svelte';

/** What parts of other pages need to know of people. */
export interface People {
  contacts: Contacts;
  actions: ContactActions;
  notices: Notices;
  /** The domain of this server. */
  domain: () => string;
  /** Goes to a page of this app. */
  go: (path: string) => void;
}

const KEY = Symbol('people');

/** Makes the address book known to all components below. */
export function providePeople(people: People): void {
  setContext(KEY, people);
}

/** The address book; undefined where a component is shown by itself. */
export function usePeople(): People | undefined {
  return getContext<People | undefined>(KEY);
}
