// Lets a page that a crew has opened before open again without a network. What is kept is said by the page (web/src/work/crew/shell.ts);
// with a network everything comes from the server, and nothing of what people send or read passes through here.
const SHELL = 'asty-shell'
/** Longer than this a connection at the edge of a cell is none. */
const PATIENCE_MS = 4000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => event.waitUntil(keep(new Set(event.data.keep))))

/** Keeps exactly these addresses: files of an older version go. */
async function keep(paths) {
  const cache = await caches.open(SHELL)
  for (const request of await cache.keys()) if (!paths.has(new URL(request.url).pathname)) await cache.delete(request)
  for (const path of paths) {
    // Names of assets change with their content.
    if (path.startsWith('/assets/') && (await cache.match(path))) continue
    const response = await fetch(path).catch(() => undefined)
    if (response?.ok) await cache.put(path, response)
  }
}

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  if (event.request.mode === 'navigate') {
    if (pathname === '/' || pathname === '/crew') event.respondWith(networkFirst(event.request, '/'))
  } else if (pathname.startsWith('/assets/')) event.respondWith(cacheFirst(event.request))
  else if (['/api/city', '/api/layers', '/crest.svg'].includes(pathname))
    event.respondWith(networkFirst(event.request, pathname))
})

const kept = (path) => caches.match(path, { cacheName: SHELL, ignoreVary: true })

async function cacheFirst(request) {
  return (await kept(new URL(request.url).pathname)) ?? fetch(request)
}

async function networkFirst(request, path) {
  const network = fetch(request)
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
  const first = await Promise.race([network.catch(() => undefined), late])
  return first ?? (await kept(path)) ?? network
}
