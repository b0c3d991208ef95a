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

/** The service worker's file: see `src/offline/service-worker.ts`. */
const SERVICE_WORKER = '/service-worker.js';

/** Lets exactly two script URLs through: the crypto worker's and the service worker's. */
const policy = window.trustedTypes?.createPolicy('smail-worker', {
  createScriptURL: (url) => {
    if (url !== workerUrl && url !== SERVICE_WORKER) throw new TypeError('no other worker may be started');
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

/** Has the service worker installed, or looked at anew. */
export function registerServiceWorker(container: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> {
  const url = policy?.createScriptURL(SERVICE_WORKER) ?? SERVICE_WORKER;
  return container.register(url, { scope: '/', updateViaCache: 'none' });
}
