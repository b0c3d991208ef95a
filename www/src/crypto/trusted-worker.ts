import workerUrl from './worker.ts?worker&url';

interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

declare global {
  interface Window {
    /** Absent where the browser does not know Trusted Types. */
    readonly trustedTypes?: TrustedTypesFactory;
  }
}

/** Lets exactly one script URL through: the crypto worker's. */
const policy = window.trustedTypes?.createPolicy('smail-worker', {
  createScriptURL: (url) => {
    if (url !== workerUrl) throw new TypeError('only the crypto worker may be started');
    return url;
  },
});

/** Starts the crypto worker. */
export function startWorker(): Worker {
  return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, {
    type: 'module',
    name: 's-mail crypto',
  });
}
