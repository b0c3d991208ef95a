/** What the page is told of this device's own store. */

/** A message that waits to be sent, or a draft that waits to be saved. */
export interface OutboxRow {
  id: string;
  /** Whether it is to be sent; else it is a draft. */
  isMessage: boolean;
  to: string[];
  subject: string;
  /** When it was put there, in milliseconds since 1970. */
  keptMs: number;
  state: 'waiting' | 'sending' | 'failed';
  /** Why it is not sent, for a person. */
  reason?: string | undefined;
}

/** What is kept of the account that is open. */
export interface DeviceState {
  /** Whether the person has chosen that mail opens here without a network. */
  keepsMail: boolean;
  /** How much is kept, about. */
  bytes: number;
  /** When the server was last reached, as far as that was kept. */
  contactMs?: number | undefined;
}
