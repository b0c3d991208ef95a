// The package's entry: loads the WebAssembly module once and refuses to be used before.
import * as bindings from './dist/smail_crypto_wasm.js';

let loading;
let ready = false;

/**
 * Loads the module. Call it, and wait for it, before anything else. Further calls wait for the first.
 * @param source The module, when it is not to be loaded from beside this file: its URL, a Response, its bytes or a
 *   compiled WebAssembly.Module.
 */
export function init(source) {
  loading ??= load(source).catch((error) => {
    loading = undefined; // so that a later call can try again
    throw error;
  });
  return loading;
}

async function load(source) {
  const module = source ?? new URL('./dist/smail_crypto_wasm_bg.wasm', import.meta.url);
  await bindings.default({ module_or_path: await readable(module) });
  ready = true;
}

function readable(module) {
  if (!(module instanceof URL) || module.protocol !== 'file:') return module;
  // Node.js fetches no files. Bundlers for browsers stumble over an import of its modules, not over this.
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  return files ? files.readFile(module) : module;
}

function ensureReady() {
  if (ready) return;
  const error = new Error('Call init() and wait for it before anything else of @s-mail/crypto.');
  throw Object.assign(error, { name: 'SMailError', code: 'not-initialized' });
}

/** A class or function that can be used once the module is there. */
function guarded(target) {
  return new Proxy(target, {
    apply(callee, self, values) {
      ensureReady();
      return Reflect.apply(callee, self, values);
    },
    construct(callee, values, newTarget) {
      ensureReady();
      return Reflect.construct(callee, values, newTarget);
    },
    get(callee, name, receiver) {
      const value = Reflect.get(callee, name, receiver);
      return typeof value === 'function' && Object.hasOwn(callee, name) ? guarded(value) : value;
    },
  });
}

export const AccountKey = guarded(bindings.AccountKey);
export const Binding = guarded(bindings.Binding);
export const Certificate = guarded(bindings.Certificate);
export const Certificates = guarded(bindings.Certificates);
export const DecryptionStream = guarded(bindings.DecryptionStream);
export const EncryptionStream = guarded(bindings.EncryptionStream);
export const OpaqueLogin = guarded(bindings.OpaqueLogin);
export const OpaqueRegistration = guarded(bindings.OpaqueRegistration);
export const OpaqueServer = guarded(bindings.OpaqueServer);
export const SecretKey = guarded(bindings.SecretKey);
export const argon2id = guarded(bindings.argon2id);
export const armor = guarded(bindings.armor);
export const clear = guarded(bindings.clear);
export const dearmor = guarded(bindings.dearmor);
export const decryptAndVerify = guarded(bindings.decryptAndVerify);
export const encrypt = guarded(bindings.encrypt);
export const encryptAndSign = guarded(bindings.encryptAndSign);
export const sign = guarded(bindings.sign);
export const signDetached = guarded(bindings.signDetached);
export const verify = guarded(bindings.verify);
export const verifyDetached = guarded(bindings.verifyDetached);
export const version = guarded(bindings.version);

// Handles that only functions and other handles make.
export const {
  Dearmored,
  DecryptedEnd,
  DecryptedMessage,
  EnvelopeKey,
  ExportKey,
  OpaqueLoggedIn,
  OpaqueRegistered,
  OpaqueServerLogin,
  VerifiedMessage,
} = bindings;

export { decrypting, encrypting };

/** Puts an encryption behind a TransformStream. */
function encrypting({ recipients, signer, nowMs } = {}) {
  const stream = signer
    ? EncryptionStream.signedBy(signer, recipients, nowMs)
    : EncryptionStream.unsigned(recipients, nowMs);
  return new TransformStream({
    async transform(plaintext, controller) {
      give(controller, await stream.push(plaintext));
    },
    async flush(controller) {
      give(controller, await stream.end());
      stream.free();
    },
  });
}

/**
 * A decryption as a pair of streams, and what the signature is worth beside it. No TransformStream: of one that is
 * aborted or cancelled not every platform tells its transformer, and the signature would be waited for without end.
 */
function decrypting({ keys, signers, nowMs } = {}) {
  const stream = new DecryptionStream(keys, signers, nowMs);
  let judged;
  let failed;
  const signature = new Promise((resolve, reject) => [judged, failed] = [resolve, reject]);
  signature.catch(() => {}); // the stream fails as well, and tells whoever reads it
  let output;
  let input;
  let want;
  let wanted;
  const wait = () => (wanted = new Promise((resolve) => (want = resolve)));
  wait();
  const pass = (pieces) => {
    if (pieces.some((piece) => piece.length > 0)) wait();
    give(output, pieces);
  };
  const attempt = async (work) => {
    try {
      return await work();
    } catch (error) {
      failed(error);
      output.error(error);
      throw error;
    }
  };
  const readable = new ReadableStream(
    {
      start: (controller) => (output = controller),
      pull: () => want(),
      cancel(reason = new DOMException('The plaintext was cancelled', 'AbortError')) {
        failed(reason);
        input.error(reason);
        want();
      },
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream({
    start(controller) {
      input = controller;
      // `abort` itself waits for a write, and the write for whoever reads.
      controller.signal.addEventListener('abort', () => {
        failed(controller.signal.reason);
        want();
      });
    },
    async write(message) {
      await wanted;
      if (input.signal.aborted) return;
      await attempt(async () => pass(await stream.push(message)));
    },
    close: () =>
      attempt(async () => {
        const end = await stream.end();
        give(output, end.plaintext);
        output.close();
        judged(end.signature);
        end.free();
        stream.free();
      }),
    abort: (reason) => output.error(reason),
  });
  return { readable, writable, signature };
}

function give(controller, pieces) {
  pieces.forEach((piece) => piece.length > 0 && controller.enqueue(piece));
}
