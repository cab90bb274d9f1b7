// Places for the search box: texts of features, coordinates. Greek, accent-free and greeklish meet in search_key().
import { sql } from '../core/db/sql.ts'
import { type Context, may, reading } from '../core/http/context.ts'
import type { Localised } from '../core/contract.ts'
import { localised } from '../core/i18n/text.ts'
import { SIDE_M } from '../layers/service.ts'
import type { SearchQuery, SearchResult } from './contract.ts'

interface Row {
  role: string
  /** Its title is what was typed. */
  is_itself: boolean
  layer: string
  id: string
  title: Localised
  layer_title: Localised
  district: Localised | null
  lon: number
  lat: number
  bbox: [number, number, number, number] | null
}

/** What a text may mean, best first. lon, lat in degrees (EPSG:4326) rank near before far. */
export async function searchPlaces(ctx: Context, { q, lon, lat, limit }: SearchQuery): Promise<SearchResult[]> {
  const coordinates = readDegrees(q) ?? (await readGrid(ctx, q))
  if (coordinates) return [coordinates]
  // Without a letter or a digit there is nothing that an index could find.
  if (!/[\p{L}\p{N}]/u.test(q)) return []
  const staff = may(ctx.actor, 'staff.read')
  const rows = await reading(ctx, (db) =>
    sql<Row>(db, 'places/search', { q: spaced(q), lon: lon ?? null, lat: lat ?? null, max_results: limit, staff }),
  )
  const found = rows.map(resultOf)
  // A number at the end may be one that nobody has.
  if (!/\d\s*$/.test(q) || rows.some(({ is_itself }) => is_itself)) return found
  const between = await searchBetween(ctx, { q: spaced(q), lon: lon ?? null, lat: lat ?? null, side_m: SIDE_M, staff })
  return [...between, ...found].slice(0, limit)
}

function resultOf(row: Row): SearchResult {
  return {
    kind: row.role === 'address' || row.role === 'street' ? row.role : 'feature',
    title: row.title,
    subtitle: subtitleOf(row),
    layer: row.layer,
    id: row.id,
    point: [row.lon, row.lat],
    bbox: row.bbox,
  }
}

interface Between {
  low: number
  high: number
  el: string
  en: string
  lon: number
  lat: number
}

/** "Ερμού 14" where only 12 and 18 are known: about where it is, and that it is so. */
async function searchBetween(ctx: Context, asked: Record<string, unknown>): Promise<SearchResult[]> {
  const rows = await reading(ctx, (db) => sql<Between>(db, 'places/search_between', asked))
  return rows.map(({ low, high, el, en, lon, lat }) => ({
    kind: 'address',
    title: { el, en },
    subtitle: localised('search.between', () => ({ low, high })),
    layer: null,
    id: `${lon.toFixed(6)},${lat.toFixed(6)}`,
    point: [lon, lat],
    bbox: null,
  }))
}

/** "Address, Harbour": what it is and in which district. */
function subtitleOf({ role, layer_title, district }: Row): Localised {
  const what = role === 'address' || role === 'street' ? localised(`search.${role}`) : layer_title
  return district ? { el: `${what.el}, ${district.el}`, en: `${what.en}, ${district.en}` } : what
}

// "οδός Ερμού" is "Ερμού"; spaces fold.
const spaced = (q: string) =>
  q
    .replace(/^\s*(οδ[όο]ς|οδ\.|odos)\s+/iu, '')
    .replace(/\s+/g, ' ')
    .trim()

/** "36.35, 23.75" or "23.75 36.35": Greece lies where latitude and longitude cannot be mistaken for each other. */
function readDegrees(q: string): SearchResult | null {
  const match = /^\s*(-?\d{1,3}[.]\d+)\s*[,;\s]\s*(-?\d{1,3}[.]\d+)\s*$/.exec(q)
  if (!match) return null
  const [first, second] = [Number(match[1]), Number(match[2])]
  const [lat, lon] = first >= second ? [first, second] : [second, first]
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null
  return coordinatesAt([lon, lat], `${lat.toFixed(5)}, ${lon.toFixed(5)}`, 'search.wgs84')
}

/** "475350, 4203870": metres in the Greek Grid (EPSG:2100), in either order: all of Greece has an easting of six digits and a northing of seven. */
async function readGrid(ctx: Context, q: string): Promise<SearchResult | null> {
  const match = /^\s*(\d{6,7}(?:[.]\d+)?)\s*[,;\s]\s*(\d{6,7}(?:[.]\d+)?)\s*$/.exec(q)
  const [east = 0, north = 0] = match ? [Number(match[1]), Number(match[2])].sort((a, b) => a - b) : []
  if (!match || east > 1e6 || north < 3_800_000 || north > 4_700_000) return null
  const { rows } = await reading(ctx, async (db) =>
    db.raw(
      `SELECT ST_X(g) AS lon, ST_Y(g) AS lat
         FROM ST_Transform(ST_SetSRID(ST_MakePoint(?::float8, ?::float8), 2100), 4326) AS g`,
      [east, north],
    ),
  )
  const { lon, lat } = rows[0]
  return coordinatesAt([lon, lat], `${match[1]}, ${match[2]}`, 'search.greek_grid')
}

const coordinatesAt = (
  point: [number, number],
  title: string,
  system: 'search.wgs84' | 'search.greek_grid',
): SearchResult => ({
  kind: 'coordinates',
  title: { el: title, en: title },
  subtitle: localised(system),
  layer: null,
  id: title,
  point,
  bbox: null,
})
