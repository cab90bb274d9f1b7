// Keeps on the phone what the crew's page needs to open without a network; see web/public/sw.js.
const SHELL = 'asty-shell'
const ALWAYS = ['/', '/api/city', '/api/layers', '/crest.svg']

/** Keeps this page as it is loaded now. Browsers without service workers, or a page without https, do without. */
export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register('/sw.js')
  const { active } = await navigator.serviceWorker.ready
  const loaded = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
    .map(({ pathname }) => pathname)
  active?.postMessage({ keep: [...new Set([...ALWAYS, ...loaded])] })
}

/** Lists of layers for staff only are among what is kept. */
export async function forgetShell(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(SHELL)
}
