// The one shared map. Features contribute to it; nobody else creates one, but for the comparison (beside.ts).
import { Map as MapLibre, Marker, NavigationControl, ScaleControl, setWorkerUrl, type MapMouseEvent } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { ref, shallowRef } from 'vue'
import { i18n } from '../core/i18n/index.ts'
import { providePictograms } from './pictograms.ts'

setWorkerUrl(workerUrl)

export type LonLat = [lon: number, lat: number]

declare global {
  interface Window {
    astyMap?: MapLibre
  }
}

export const map = shallowRef<MapLibre>()
/** Goes up whenever the style was loaded anew and overlays must be added again. */
export const styleRevision = ref(0)
export const view = ref<{ centre: LonLat; zoom: number }>()

export const MAX_ZOOM = 20

const clicks = new Set<(at: LonLat, event: MapMouseEvent) => boolean>()

/** The newest listener is asked first; one that returns true keeps the click to itself. */
export function onMapClick(listener: (at: LonLat, event: MapMouseEvent) => boolean): () => void {
  clicks.add(listener)
  return () => clicks.delete(listener)
}

export const controlNames = () => {
  const { t } = i18n.global
  return {
    'Map.Title': t('map.title'),
    'NavigationControl.ZoomIn': t('map.zoom_in'),
    'NavigationControl.ZoomOut': t('map.zoom_out'),
    'NavigationControl.ResetBearing': t('map.north'),
    'AttributionControl.ToggleAttribution': t('map.attribution'),
    'Marker.Title': t('map.pin'),
  }
}

export function createMap(container: HTMLElement, start: { centre: LonLat; zoom: number }): MapLibre {
  const made = new MapLibre({
    container,
    style: { version: 8, sources: {}, layers: [] },
    center: start.centre,
    zoom: start.zoom,
    maxZoom: MAX_ZOOM,
    attributionControl: { compact: true },
    ...(calm() && { fadeDuration: 0 }),
    locale: controlNames(),
  })
  made.addControl(new NavigationControl({ visualizePitch: true }), 'bottom-right')
  made.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left')
  made.on('click', (event) => {
    const at: LonLat = [event.lngLat.lng, event.lngLat.lat]
    for (const listener of [...clicks].reverse()) if (listener(at, event)) return
  })
  providePictograms(made)
  made.on('style.load', () => styleRevision.value++)
  made.on('moveend', () => {
    const { lng, lat } = made.getCenter()
    view.value = { centre: [lng, lat], zoom: made.getZoom() }
  })
  map.value = made
  window.astyMap = made
  return made
}

const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

export function flyTo(centre: LonLat, zoom = 17): void {
  const to = { center: centre, zoom: Math.max(zoom, map.value?.getZoom() ?? 0) }
  if (calm()) map.value?.jumpTo(to)
  else map.value?.easeTo({ ...to, duration: 600 })
}

let marker: Marker | undefined

/** One pin on the map, movable when asked; null takes it away. */
export function showPin(at: LonLat | null, onMove?: (at: LonLat) => void): void {
  marker?.remove()
  marker = undefined
  if (!at || !map.value) return
  marker = new Marker({ color: '#b3005e', draggable: Boolean(onMove) }).setLngLat(at).addTo(map.value)
  marker.on('dragend', () => {
    const position = marker?.getLngLat()
    if (position) onMove?.([position.lng, position.lat])
  })
}
