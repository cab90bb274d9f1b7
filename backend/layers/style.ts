// A layer as a style that MapLibre opens as it is.
import type { Context } from '../core/http/context.ts'
import type { Layer } from './contract.ts'

type StyleLayer = Layer['style'][number]

/** For layers that the portal draws as part of its base map, or not at all. */
const PLAIN: Record<Layer['geometry_type'], StyleLayer> = {
  Point: { type: 'circle', paint: { 'circle-radius': 4, 'circle-color': '#0b5c8f', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1 } },
  LineString: { type: 'line', paint: { 'line-color': '#0b5c8f', 'line-width': 1.5 } },
  Polygon: { type: 'fill', paint: { 'fill-color': '#0b5c8f', 'fill-opacity': 0.25, 'fill-outline-color': '#0b5c8f' } },
} // prettier-ignore

/** MapLibre style, version 8. Symbols stay in the portal: their pictograms and letters do not come with a style. */
export function styleOf({ baseUrl, language }: Context, layer: Layer) {
  const { slug, title, bbox, min_zoom, max_zoom } = layer
  const drawn = layer.style.filter(({ type }) => type !== 'symbol')
  return {
    version: 8 as const,
    name: title[language],
    ...(bbox && { center: [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2], zoom: Math.max(min_zoom, Math.min(max_zoom, START_ZOOM)) }),
    sources: { [slug]: { type: 'vector', url: `${baseUrl}/tiles/${slug}.json` } },
    layers: (drawn.length > 0 ? drawn : [PLAIN[layer.geometry_type]]).map((one, index) => ({
      ...one,
      id: `${slug}-${index}`,
      source: slug,
      'source-layer': slug,
    })),
  } // prettier-ignore
}

/** A town on a screen. */
const START_ZOOM = 13
