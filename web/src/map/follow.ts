// The open map follows what others write, by whatever door: portal, API, QGIS, SQL. The triggers of the tables count revisions; the
// catalogue is asked for them, because the embedded engine cannot call (no LISTEN), and a tab in the background asks nothing.
import { onBeforeUnmount } from 'vue'
import { listLayers } from '../../../backend/layers/contract.ts'
import { call } from '../core/api.ts'
import { layers, onDay } from './catalogue.ts'

const EVERY_MS = 20_000

/** As long as the component lives: new revisions, at once when somebody comes back to the tab. */
export function useFollow(): void {
  async function look(): Promise<void> {
    if (document.visibilityState !== 'visible' || layers.value.length === 0) return
    const now = await call(listLayers, { query: onDay() }).catch(() => null)
    if (now && JSON.stringify(now) !== JSON.stringify(layers.value)) layers.value = now
  }
  const timer = setInterval(() => void look(), EVERY_MS)
  document.addEventListener('visibilitychange', look)
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })
}
