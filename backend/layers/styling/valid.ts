// Whether MapLibre can draw a style, asked of its own validator.
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import type { Layer } from '../contract.ts'

/** What is wrong with the style layers of a layer, in the words of the style specification; null: nothing. */
export function styleFault(slug: string, style: Layer['style']): string | null {
  const layers = style.map((one, index) => ({ ...one, id: `${index}`, source: slug, 'source-layer': slug }))
  const sources = { [slug]: { type: 'vector', tiles: [`https://city.example/tiles/${slug}/{z}/{x}/{y}.mvt`] } }
  const errors = validateStyleMin({ version: 8, sources, layers } as never)
  return errors.length > 0 ? errors.map(({ message }) => message).join('; ') : null
}
