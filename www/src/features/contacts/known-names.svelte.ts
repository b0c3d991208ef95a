import type { Contact } from '../../crypto/views';

/** What the person calls people, by address in lower case. One for the page: every list of mail asks it. */
let names = $state.raw<ReadonlyMap<string, string>>(new Map());

/** The name that the person has given to whoever has this address. */
export function knownName(address: string): string | undefined {
  return names.get(address.toLowerCase());
}

/** Takes the names of the address book, in place of those known. */
export function setKnownNames(contacts: readonly Contact[]): void {
  const named = contacts.filter(({ name }) => name !== '');
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
  names = new Map(
    named.flatMap(({ name, addresses }) => addresses.map((address) => [address.toLowerCase(), name])),
  );
}
