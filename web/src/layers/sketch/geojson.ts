// A sketch as GeoJSON (RFC 7946), with the colours as other programs read them (simplestyle-spec), and back.
import { asDrawn, type Position } from '../../map/shape.ts'
import { cleaned, type Colour, colours, INK, isOnMap, isWhole, type Item, type Kind, MOST_CORNERS, MOST_ITEMS } from './items.ts' // prettier-ignore

interface Feature {
  type: 'Feature'
  properties: Record<string, unknown> | null
  geometry: { type: string; coordinates: unknown }
}

export function toGeojson(items: readonly Item[]): { type: 'FeatureCollection'; features: Feature[] } {
  return { type: 'FeatureCollection', features: items.filter(isWhole).map(toFeature) }
}

function toFeature({ kind, colour, label, corners }: Item): Feature {
  const paint = kind === 'point' ? { 'marker-color': INK[colour] } : { stroke: INK[colour], ...(kind === 'area' && { fill: INK[colour], 'fill-opacity': 0.15 }) } // prettier-ignore
  return { type: 'Feature', properties: { name: label, ...paint }, geometry: asDrawn(kind, corners) }
}

/** The items of a file, and how much of it none can hold: holes, collections in collections. Null: it is no GeoJSON in degrees. */
export function fromGeojson(text: string): { items: Item[]; left: number } | null {
  let features: Feature[]
  try {
    const file = JSON.parse(text) as Partial<Feature> & { features?: Feature[]; coordinates?: unknown }
    features = file.type === 'Feature' ? [file as Feature] : file.features!.filter(({ geometry }) => geometry !== null)
  } catch {
    return null
  }
  try {
    const found = features.flatMap(fromFeature)
    const items = found.filter((item) => item !== null && isWhole(item) && item.corners.every(isPosition)) as Item[]
    if (items.length === 0) return null
    return { items, left: found.length - items.length }
  } catch {
    return null
  }
}

const isPosition = (at: unknown) => Array.isArray(at) && at.length >= 2 && at.every(Number.isFinite) && isOnMap(at)

/** Null stands for a part that no item can hold. */
function fromFeature({ properties, geometry: { type, coordinates } }: Feature): (Item | null)[] {
  const common = { label: labelIn(properties), colour: colourIn(properties) }
  const flat = (at: readonly number[]) => [at[0], at[1]] as Position
  const one = (kind: Kind, corners: readonly number[][]): Item => ({ ...common, kind, corners: corners.map(flat) })
  const area = ([ring, ...holes]: number[][][]) => (holes.length > 0 ? null : one('area', ring!.slice(0, -1)))
  const c = coordinates as never
  if (type === 'Point') return [one('point', [c])]
  if (type === 'MultiPoint') return (c as number[][]).map((at) => one('point', [at]))
  if (type === 'LineString') return [one('line', c)]
  if (type === 'MultiLineString') return (c as number[][][]).map((line) => one('line', line))
  if (type === 'Polygon') return [area(c)]
  if (type === 'MultiPolygon') return (c as number[][][][]).map(area)
  return [null]
}

/** As the layers of the portal and most programs call it. */
function labelIn(properties: Feature['properties']): string {
  const name = ['name', 'title', 'name_el', 'label'].map((key) => properties?.[key]).find(Boolean)
  return typeof name === 'string' || typeof name === 'number' ? cleaned(String(name)) : ''
}

function colourIn(properties: Feature['properties']): Colour {
  const painted = properties?.['marker-color'] ?? properties?.['stroke']
  return colours.find((colour) => INK[colour] === painted) ?? 'blue'
}

export const isTooMuch = (items: readonly Item[]): boolean =>
  items.length > MOST_ITEMS || items.reduce((sum, { corners }) => sum + corners.length, 0) > MOST_CORNERS
