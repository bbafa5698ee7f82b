/* The service worker of the application: its own files are there without network, nothing of the API is ever kept. */
const cacheName = 'korrigo-__VERSION__'
const files = __FILES__
const shell = '/index.html'

self.addEventListener('install', event => {
  event.waitUntil(fill())
})

/** Files whose names tell their content are taken over from the version before. */
async function fill() {
  const cache = await caches.open(cacheName)
  await Promise.all(
    files.map(async path => {
      const kept = path.startsWith('/assets/') ? await caches.match(path, { ignoreVary: true }) : undefined
      await cache.put(path, kept ?? (await fetched(path)))
    }),
  )
}

async function fetched(path) {
  const response = await fetch(path, { cache: path.startsWith('/assets/') ? 'default' : 'reload' })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response
}

self.addEventListener('activate', event => {
  event.waitUntil(
    caches
      .keys()
      .then(names => Promise.all(names.filter(name => name !== cacheName).map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

// The page asks for it once the person at it has agreed to load anew.
self.addEventListener('message', event => {
  if (event.data === 'take_over') self.skipWaiting()
})

self.addEventListener('fetch', event => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return
  if (pathname.startsWith('/api/') || pathname.startsWith('/ws/')) return
  if (mode === 'navigate') event.respondWith(page(event.request))
  else if (files.includes(pathname)) event.respondWith(file(event.request, pathname))
})

/** The newest page there is; without network the one that was kept. */
async function page(request) {
  try {
    const response = await fetch(request)
    if (response.status < 500) return response
  } catch {
    // No network.
  }
  return (await caches.match(shell, { cacheName, ignoreVary: true })) ?? Response.error()
}

async function file(request, pathname) {
  return (await caches.match(pathname, { cacheName, ignoreVary: true })) ?? fetch(request)
}
