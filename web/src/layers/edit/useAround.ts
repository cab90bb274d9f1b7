// Features of a layer in view, with every digit: what can be picked, and what a corner snaps to.
import { ref, watch } from 'vue'
import { type EditableFeature, listFeatures } from '../../../../backend/layers/editing/contract.ts'
import { call } from '../../core/api.ts'
import { map, view } from '../../map/useMap.ts'

/** In one view; whoever comes nearer sees the others. */
const MOST = 300

export function useAround(slug: () => string) {
  const features = ref<EditableFeature[]>([])
  const isPart = ref(false)
  let asked = 0

  async function read(): Promise<void> {
    const bounds = map.value?.getBounds()
    if (!bounds || !slug()) return
    const mine = ++asked
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].join(',')
    const page = await call(listFeatures, {
      params: { layer: slug() },
      query: { bbox: box as never, limit: MOST },
    }).catch(() => null)
    if (!page || mine !== asked) return
    features.value = page.features
    isPart.value = page.next !== null
  }
  watch([view, map, slug], () => void read(), { immediate: true })
  return { features, isPart, read }
}
