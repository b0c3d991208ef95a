// Stands in for the service worker where the operator wants none: deletes the app's files that a browser has kept, and then itself.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(leave()));

async function leave() {
  const kept = (await caches.keys()).filter((name) => name.startsWith('s-mail-shell-'));
  await Promise.all(kept.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
