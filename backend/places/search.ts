// The search box: titles of features, coordinates. Greek, accent-free and greeklish meet in latin_key().
import { sql } from '../core/db/sql.ts'
import { may, type Context } from '../core/http/context.ts'
import type { Localised } from '../core/contract.ts'
import type { SearchResult } from './contract.ts'

interface Row {
  role: string
  layer: string
  id: string
  title: Localised
  layer_title: Localised
  lon: number
  lat: number
  bbox: [number, number, number, number] | null
}

interface Question {
  q: string
  lon?: number
  lat?: number
  limit: number
}

/** What a text may mean, best first. lon, lat in degrees (EPSG:4326) rank near before far. */
export async function searchPlaces(ctx: Context, { q, lon, lat, limit }: Question): Promise<SearchResult[]> {
  const coordinates = readCoordinates(q)
  if (coordinates) return [coordinates]
  const rows = await sql<Row>(ctx.db, 'places/search', {
    q: spaced(q),
    lon: lon ?? 0,
    lat: lat ?? 0,
    limit,
    staff: may(ctx.actor, 'staff.read'),
  })
  return rows.map(({ role, layer, id, title, layer_title, lon, lat, bbox }) => ({
    kind: role === 'address' || role === 'street' ? role : 'feature',
    title,
    subtitle: layer_title,
    layer,
    id,
    point: [lon, lat],
    bbox,
  }))
}

// "Ερμου12" is "Ερμου 12"; spaces fold.
const spaced = (q: string) =>
  q
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/\s+/g, ' ')
    .trim()

/** "36.35, 23.75" or "23.75 36.35": Greece lies where latitude and longitude cannot be mistaken for each other. */
function readCoordinates(q: string): SearchResult | null {
  const match = /^\s*(-?\d{1,3}[.]\d+)\s*[,;\s]\s*(-?\d{1,3}[.]\d+)\s*$/.exec(q)
  if (!match) return null
  const [first, second] = [Number(match[1]), Number(match[2])]
  const [lat, lon] = first >= second ? [first, second] : [second, first]
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null
  const title = `${lat.toFixed(5)}, ${lon.toFixed(5)}`
  return {
    kind: 'coordinates',
    title: { el: title, en: title },
    subtitle: { el: 'Συντεταγμένες WGS 84', en: 'Coordinates, WGS 84' },
    layer: null,
    id: title,
    point: [lon, lat],
    bbox: null,
  }
}
