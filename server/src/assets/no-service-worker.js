// Stands in for the service worker where the operator wants none: deletes the app's files that a browser has kept, and answers
// nothing. It stays, since the page would only install it again.

// It takes the other's place when the page asks for it, or by itself once a page that is just being opened has loaded: files on
// their way to a page are lost when one worker takes the place of another.
const LOADED_MS = 5_000;

self.addEventListener('install', (event) => {
  event.waitUntil(new Promise((loaded) => setTimeout(loaded, LOADED_MS)).then(() => self.skipWaiting()));
});
self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') self.skipWaiting();
});
self.addEventListener('activate', (event) => event.waitUntil(forget()));

async function forget() {
  const kept = (await caches.keys()).filter((name) => name.startsWith('s-mail-shell-'));
  await Promise.all(kept.map((name) => caches.delete(name)));
}
