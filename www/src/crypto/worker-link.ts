import { MailError, type ErrorRecord } from './errors';
import type { MailEvent } from './mail-service';
import type {
  CallName,
  CallResult,
  OnProgress,
  PageMessage,
  PostedArguments,
  Progress,
  WorkerMessage,
} from './rpc';
import { Watchdog } from './watchdog';

interface PendingCall {
  name: CallName;
  args: readonly unknown[];
  onStep: ((progress: Progress) => void) | undefined;
  resolve: (value: unknown) => void;
  reject: (error: MailError) => void;
}

/** What a link tells its owner. */
export interface LinkListener {
  event(event: MailEvent): void;
  /** The worker is gone while it took these messages apart; every call under way has been rejected. */
  lost(itemIds: string[]): void;
}

const LOST: ErrorRecord = {
  code: 'worker-lost',
  message:
    'This was interrupted because the part of the page that holds your keys had to be restarted. Try again.',
};
const UNSAFE: ErrorRecord = {
  code: 'unsafe-message',
  message:
    'This message could not be opened safely. It may be damaged, or made to do harm. Nothing of it was shown.',
};
const NOT_LOADED: ErrorRecord = {
  code: 'crypto-not-loaded',
  message: 'The encryption module could not be loaded. Check the connection and reload the page.',
};

/** Calls that take the message apart which their first argument names. */
const TAKES_APART: ReadonlySet<CallName> = new Set(['read', 'attachment', 'source']);

/** One worker's life: posts calls to it, brings answers back, and ends it when it traps or hangs. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #listener: LinkListener;
  readonly #calls = new Map<number, PendingCall>();
  /** Messages that the worker is taking apart. */
  readonly #opening = new Set<string>();
  readonly #watchdog = new Watchdog(
    () => this.#post({ kind: 'ping' }),
    () => this.#lose(),
  );
  #nextId = 1;
  #heardOf = false;

  constructor(worker: Worker, listener: LinkListener) {
    this.#worker = worker;
    this.#listener = listener;
    worker.addEventListener('message', (message: MessageEvent<WorkerMessage>) => this.#take(message.data));
    worker.addEventListener('error', () => this.#lose());
  }

  call<Name extends CallName>(
    name: Name,
    args: PostedArguments<Name>,
    onStep?: OnProgress,
  ): Promise<CallResult<Name>> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#calls.set(id, {
        name,
        args,
        // Of the kind that this call has.
        onStep: onStep as PendingCall['onStep'],
        resolve: (value) => resolve(value as CallResult<Name>),
        reject,
      });
      this.#post({ kind: 'call', id, name, arguments: args });
      this.#watchdog.watch();
    });
  }

  /** Ends the worker and with it every key it held. Calls under way are rejected. */
  close(): void {
    this.#watchdog.rest();
    this.#worker.terminate();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.reject(new MailError(this.#reason(call)));
  }

  #post(message: PageMessage): void {
    this.#worker.postMessage(message);
  }

  #lose(): void {
    this.close();
    this.#listener.lost([...this.#opening]);
  }

  #reason({ name, args }: PendingCall): ErrorRecord {
    if (!this.#heardOf) return NOT_LOADED;
    const [itemId] = args;
    return TAKES_APART.has(name) && this.#opening.has(String(itemId)) ? UNSAFE : LOST;
  }

  #take(message: WorkerMessage): void {
    this.#heardOf = true;
    this.#watchdog.heard();
    switch (message.kind) {
      case 'pong':
        return;
      case 'event':
        return this.#listener.event(message.event);
      case 'step':
        return this.#calls.get(message.id)?.onStep?.(message.step);
      case 'opening':
        this.#opening.add(message.itemId);
        return;
      case 'opened':
        this.#opening.delete(message.itemId);
        return;
      case 'trapped':
        return this.#lose();
      case 'result':
        return this.#settle(message.id, (call) => call.resolve(message.value));
      case 'failure':
        return this.#settle(message.id, (call) => call.reject(new MailError(message.error)));
    }
  }

  #settle(id: number, how: (call: PendingCall) => void): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#watchdog.rest();
    how(call);
  }
}
