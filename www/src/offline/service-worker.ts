/**
 * The app without a network: keeps the files of one build, and answers for them alone. What people write and read goes past it:
 * it never answers a request of the API, and holds nothing that is anybody's.
 *
 * A build is kept whole or not at all, each file checked against the list that came with this script. A newer one waits until a
 * page asks for it; pages of the build before still find its files, whose names hold their digests.
 */
import type { ServiceWorkerScope } from './service-worker-scope';

declare const self: ServiceWorkerScope;

const PREFIX = 's-mail-shell-';
const NAME = PREFIX + self.SHELL.version;
/** What all of the app's own addresses show. */
const PAGE = '/index.html';
/** Files here never change under their names. */
const ASSETS = '/assets/';
/** The addresses that the server shows the page for. */
const PAGES = /^\/(signup|forgot|mail|contacts|settings)?$|^\/(mail|contacts|settings)\//;

self.addEventListener('install', (event) => event.waitUntil(keepBuild()));
self.addEventListener('activate', (event) => event.waitUntil(dropOlderBuilds()));
self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const file = fileFor(event.request);
  if (file !== undefined) event.respondWith(answer(file, event.request));
});

// Where pages may not show notifications themselves: one that is pressed opens its message.
self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil(openMessage((notification.data as { itemId?: string } | null)?.itemId));
});

async function keepBuild(): Promise<void> {
  const cache = await caches.open(NAME);
  try {
    await Promise.all(Object.entries(self.SHELL.files).map((file) => keep(cache, ...file)));
  } catch (thrown) {
    await caches.delete(NAME);
    throw thrown;
  }
}

async function keep(cache: Cache, path: string, integrity: string): Promise<void> {
  const answer = await fetch(path, {
    integrity,
    cache: path.startsWith(ASSETS) ? 'default' : 'no-cache',
    credentials: 'same-origin',
    redirect: 'error',
  });
  if (!answer.ok) throw new TypeError(`${path} was answered with ${answer.status}`);
  await cache.put(path, answer);
}

/** The build before this one stays for the pages that were opened with it. */
async function dropOlderBuilds(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

/** The file of the build that answers a request; none for everything that is not the app's own. */
function fileFor({ method, mode, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return undefined;
  if (mode === 'navigate' && PAGES.test(pathname)) return PAGE;
  const isOwn = Object.hasOwn(self.SHELL.files, pathname) || pathname.startsWith(ASSETS);
  return isOwn ? pathname : undefined;
}

async function openMessage(itemId: string | undefined): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: false });
  if (!page) {
    await self.clients.openWindow(itemId ? `/mail/inbox/${itemId}` : '/mail');
    return;
  }
  page.postMessage({ kind: 'open-message', itemId });
  await page.focus();
}

async function answer(file: string, request: Request): Promise<Response> {
  return (await kept(file)) ?? fetch(request);
}

/** A file of this build, or one of a build before whose name holds its digest. */
async function kept(file: string): Promise<Response | undefined> {
  const own = await caches.match(file, { cacheName: NAME, ignoreVary: true });
  if (own || !file.startsWith(ASSETS)) return own;
  return caches.match(file, { ignoreVary: true });
}
