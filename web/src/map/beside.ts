// A second map over the shared one, with the same camera: what is right of a divider, while two states of the town are compared.
import { AttributionControl, Map as MapLibre } from 'maplibre-gl'
import { onUnmounted, ref, watch } from 'vue'
import type { Layer } from '../../../backend/layers/contract.ts'
import { i18n } from '../core/i18n/index.ts'
import { basemapStyle } from './basemap.ts'
import { city } from './catalogue.ts'
import { drawOverlays } from './overlays.ts'
import { providePictograms } from './pictograms.ts'
import { controlNames, map, MAX_ZOOM, styleRevision } from './useMap.ts'

declare global {
  interface Window {
    astyBeside?: MapLibre
  }
}

interface Shown {
  layers: Layer[]
  /** Opacity 0..1 by slug. */
  shown: ReadonlyMap<string, number>
}

const camera = (of: MapLibre) => ({
  center: of.getCenter(),
  zoom: of.getZoom(),
  bearing: of.getBearing(),
  pitch: of.getPitch(),
  padding: of.getPadding(),
})

/** Makes the map in this container; it goes, with all it holds, when the component does. */
export function useBeside(container: HTMLElement, what: () => Shown): void {
  const shared = map.value!
  const { padding, ...start } = camera(shared)
  const made = new MapLibre({
    container,
    style: { version: 8, sources: {}, layers: [] },
    ...start,
    maxZoom: MAX_ZOOM,
    attributionControl: false,
    locale: { ...controlNames(), 'Map.Title': i18n.global.t('swipe.right_map') },
  })
  made.setPadding(padding)
  made.addControl(new AttributionControl({ compact: true }), 'top-right')
  providePictograms(made)
  window.astyBeside = made

  const revision = ref(0)
  made.on('style.load', () => revision.value++)
  const drawBasemap = () => city.value && made.setStyle(basemapStyle(city.value, what().layers), { diff: false })
  drawBasemap()
  // The shared map starts anew when the language or the light changes.
  watch(styleRevision, drawBasemap)
  watch([revision, what], () => revision.value > 0 && made.getStyle() && drawOverlays(made, what().layers, what().shown), { deep: true }) // prettier-ignore

  let isFollowing = false
  const lead = (leader: MapLibre, follower: MapLibre) => () => {
    if (isFollowing) return
    isFollowing = true
    follower.jumpTo(camera(leader))
    isFollowing = false
  }
  const [leads, follows] = [lead(shared, made), lead(made, shared)]
  shared.on('move', leads)
  made.on('move', follows)
  onUnmounted(() => {
    shared.off('move', leads)
    made.remove()
    delete window.astyBeside
  })
}
