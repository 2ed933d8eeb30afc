// Keeps the window's own files, so that it opens without a network and says so. Calls, sound, and everything else
// under /api/ never pass through here: what was heard leaves no copy in the browser. What another app shares with
// this one waits here until the page has sent it.
const files = [/* files of the build */];
const pages = ['/', '/icon.svg', '/manifest.webmanifest'];
const cacheName = `shell-${files.join('|').length}-${files.map((name) => name.slice(-14)).join('')}`;
const sharedCache = 'shared'; // src/imports/shared.ts takes it from there

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll([...pages, ...files]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name !== cacheName && name !== sharedCache).map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

async function keepShared(request) {
  const files = (await request.formData()).getAll('files').filter((file) => file instanceof File);
  if (files.length === 0) throw new Error('nothing was shared');
  const shared = await caches.open(sharedCache);
  for (const file of files)
    await shared.put(
      `/delen/${crypto.randomUUID()}`,
      new Response(file, {
        headers: { 'X-Name': encodeURIComponent(file.name), 'X-Modified': String(file.lastModified) },
      }),
    );
  return Response.redirect('/binnenhalen?gedeeld', 303);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.pathname === '/delen') {
    event.respondWith(keepShared(request).catch(() => Response.redirect('/binnenhalen?gedeeld=mislukt', 303)));
    return;
  }
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('/')));
  } else if (files.includes(url.pathname) || pages.includes(url.pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
