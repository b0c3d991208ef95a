/** The crypto worker: holds every key, and does all that needs one. The page sees only what it may show. */
import { DeviceLink } from '../offline/device-link';
import { environment } from './environment';
import { errorRecord, MailError } from './errors';
import type { CallMessage, CallName, PageMessage, Progress, WorkerMessage } from './rpc';
import initialize from './wasm/smail_crypto_wasm';
import moduleUrl from './wasm/smail_crypto_wasm_bg.wasm?url';
import { WorkerCalls } from './worker-calls';

const calls = new WorkerCalls(
  new DeviceLink(
    environment({
      opening: (itemId) => post({ kind: 'opening', itemId }),
      opened: (itemId) => post({ kind: 'opened', itemId }),
    }),
  ),
  (event) => post({ kind: 'event', event }),
);

/** Calls whose last argument is the progress callback. */
const WITH_STEPS: ReadonlySet<CallName> = new Set([
  'signUp',
  'logIn',
  'recover',
  'makeRecoveryKit',
  'confirmPassword',
  'changePassword',
  'read',
  'attach',
  'attachment',
  'importMail',
  'exportMail',
  'exportMessage',
  'send',
]);

// Begins to load before the page asks for anything.
const loaded = initialize({ module_or_path: moduleUrl }).catch(() => {
  throw new MailError({
    code: 'crypto-not-loaded',
    message: 'The encryption module could not be loaded. Check the connection and reload the page.',
  });
});
// Whoever calls hears of it.
loaded.catch(() => undefined);

function post(message: WorkerMessage): void {
  self.postMessage(message);
}

function perform({ id, name, arguments: args }: CallMessage): Promise<unknown> {
  const onStep = (step: Progress) => post({ kind: 'step', id, step });
  const byName = calls as Record<CallName, (...args: unknown[]) => Promise<unknown>>;
  return byName[name](...(WITH_STEPS.has(name) ? [...args, onStep] : args));
}

async function answer(message: CallMessage): Promise<void> {
  const { id } = message;
  try {
    await loaded;
    post({ kind: 'result', id, value: await perform(message) });
  } catch (thrown) {
    const trapped = thrown instanceof WebAssembly.RuntimeError;
    post(trapped ? { kind: 'trapped', id } : { kind: 'failure', id, error: errorRecord(thrown) });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
  if (data.kind === 'ping') post({ kind: 'pong' });
  else void answer(data);
});

// A trap inside a promise of WebAssembly's own answers no call: the page has to hear of it all the same.
self.addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) post({ kind: 'trapped', id: 0 });
});
