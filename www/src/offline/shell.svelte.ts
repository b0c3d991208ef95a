import { registerServiceWorker } from '../crypto/trusted-worker';

/**
 * How long a newer version may take to come into this one's place. Chromium lets go of that change when a request reaches the older
 * version in the very moment; opened anew, the page gets the newer one.
 */
const TAKE_OVER_MS = 3_000;
/** A page that stays open asks for a newer version no more often than this. */
const LOOK_EVERY_MS = 60 * 60 * 1_000;

/**
 * The app's own files on this device, kept by the service worker, and the word that a newer version of them is there. It is used
 * when somebody asks for it: nothing changes under a page that is being used.
 */
export class Shell {
  /** A newer version is kept and waits. */
  isNewer = $state(false);
  #registration: ServiceWorkerRegistration | undefined;
  #lookedMs = 0;

  /** Has the app kept on this device. A browser that cannot, or may not, shows it all the same. */
  async keep(): Promise<void> {
    // During development each file is served as it is now.
    if (!import.meta.env.PROD || !('serviceWorker' in navigator) || this.#registration) return;
    try {
      this.#registration = await registerServiceWorker(navigator.serviceWorker);
    } catch {
      return;
    }
    this.#watch(this.#registration);
    if (this.#registration.active) this.look();
  }

  /** Looks whether there is a newer version, if that was long ago. */
  look(): void {
    if (!this.#registration || Date.now() - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = Date.now();
    // Without a network there is none to be found.
    this.#registration.update().catch(() => undefined);
  }

  /** Opens the newer version in place of this one. */
  takeOver(): void {
    const waiting = this.#registration?.waiting;
    if (!waiting) return location.reload(); // another tab was faster
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    setTimeout(() => location.reload(), TAKE_OVER_MS);
    waiting.postMessage('take-over');
  }

  #watch(registration: ServiceWorkerRegistration): void {
    this.#see(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => this.#see(registration.waiting));
    });
    // Another tab has taken the newer version: this one still shows the older.
    navigator.serviceWorker.addEventListener('controllerchange', () => this.#see(registration.active));
  }

  /** The first version ever is no newer one. */
  #see(worker: ServiceWorker | null): void {
    if (worker && navigator.serviceWorker.controller) this.isNewer = true;
  }
}
