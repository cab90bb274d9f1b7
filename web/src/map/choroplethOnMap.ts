// Areas of a layer coloured by a value: five classes of about as many areas each; the more, the further from the ground's colour.
import type { ExpressionSpecification, LayerSpecification, Map as MapLibre } from 'maplibre-gl'
import type { Layer } from '../../../backend/layers/contract.ts'
import { FIRST_LABEL, sourceOf } from './basemap.ts'
import { isDark } from './theme.ts'

/** Single hue, told apart also without colour: only the lightness changes. */
const SHADES = ['#e3eef6', '#b3d0e5', '#78abd0', '#3d80b3', '#0f4f86'] as const

export interface Class {
  from: number
  to: number
  shade: string
}

/** Classes of these values (quantiles); fewer where there are few values. */
export function classesOf(values: readonly number[]): Class[] {
  const sorted = [...values].sort((a, b) => a - b)
  const count = Math.min(SHADES.length, new Set(sorted).size)
  return Array.from({ length: count }, (_, n) => {
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * part) / count))] ?? 0
    const shade = count === 1 ? 2 : Math.round((n * (SHADES.length - 1)) / (count - 1))
    return {
      from: at(n),
      to: n === count - 1 ? (sorted.at(-1) ?? 0) : at(n + 1),
      shade: (isDark() ? SHADES.toReversed() : SHADES)[shade] ?? SHADES[0],
    }
  })
}

const FILL = 'choropleth'
const LINE = 'choropleth-line'

/** Colours the areas of the layer by key; areas without a value stay as they are. No values: takes it all away. */
export function drawChoropleth(map: MapLibre, layer: Layer | undefined, values: ReadonlyMap<string, number>): void {
  for (const id of [FILL, LINE]) if (map.getLayer(id)) map.removeLayer(id)
  if (!layer?.key_field || values.size === 0) return
  const source = `${FILL}:${layer.slug}`
  if (!map.getSource(source)) map.addSource(source, sourceOf(layer))
  const classes = classesOf([...values.values()])
  const shadeOf = (value: number) => classes.findLast(({ from }) => value >= from)?.shade ?? SHADES[0]
  const pairs = [...values].flatMap(([key, value]) => [key, shadeOf(value)])
  const colour = ['match', ['get', layer.key_field], ...pairs, 'rgba(0, 0, 0, 0)'] as unknown as ExpressionSpecification
  const before = map.getLayer(FIRST_LABEL) ? FIRST_LABEL : undefined
  const common = { source, 'source-layer': layer.slug }
  const fill = { id: FILL, type: 'fill', ...common, paint: { 'fill-color': colour, 'fill-opacity': 0.72 } }
  const line = { id: LINE, type: 'line', ...common, paint: { 'line-color': '#ffffff', 'line-width': 1.5 } }
  map.addLayer(fill as LayerSpecification, before)
  map.addLayer(line as LayerSpecification, before)
}
