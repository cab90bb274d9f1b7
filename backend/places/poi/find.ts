// Which places there are: nearest first, open at a moment, on duty.
import { sql } from '../../core/db/sql.ts'
import { type Context, may, reading } from '../../core/http/context.ts'
import { badParameter } from '../../core/http/problem.ts'
import { cardOf, type PlaceRow } from './card.ts'
import type { PlaceCard, PlaceQuery } from './contract.ts'

/** Whether something is open is known only by reading its hours: that many places are read at a time, and so often. */
const BATCH = 200
const MOST_BATCHES = 5

type After = readonly [distance_m: number, layer: string, id: string]

interface Found {
  rows: { row: PlaceRow; card: PlaceCard }[]
  /** Where the next page begins; null: there is none. */
  next: After | null
}

/** A page of places as GeoJSON with a link to the next. Throws bad-parameter. */
export async function listPlaces(ctx: Context, query: PlaceQuery) {
  const { rows, next } = await findPlaces(ctx, query)
  return {
    type: 'FeatureCollection' as const,
    features: rows.map(({ row, card }) => ({
      type: 'Feature' as const,
      id: `${row.layer}/${row.key}`,
      geometry: { type: 'Point' as const, coordinates: [row.lon, row.lat] as [number, number] },
      properties: card,
    })),
    numberReturned: rows.length,
    links: next ? [{ rel: 'next', href: nextLink(ctx, query, next), type: 'application/geo+json' }] : [],
  }
}

async function findPlaces(ctx: Context, query: PlaceQuery): Promise<Found> {
  const now = momentAsked(query)
  const most = query.open ? BATCH : query.limit
  const rows: Found['rows'] = []
  let after = query.cursor ? readCursor(query.cursor) : null
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const found = await readBatch(ctx, query, now, after, most + 1)
    for (const row of found.slice(0, most)) {
      const card = cardOf(row, now)
      after = [row.distance_m ?? 0, row.layer, row.id]
      if (query.open && card.opening?.state !== 'open') continue
      rows.push({ row, card })
      if (rows.length === query.limit) return { rows, next: row === found.at(-1) ? null : after }
    }
    if (found.length <= most) return { rows, next: null }
  }
  // Nothing open among many: the next page goes on from here.
  return { rows, next: after }
}

function momentAsked({ open, duty }: PlaceQuery): Date {
  const asked = [open, duty].find((one) => one && one !== 'now')
  return asked ? new Date(asked) : new Date()
}

function readBatch(ctx: Context, query: PlaceQuery, now: Date, after: After | null, most: number): Promise<PlaceRow[]> {
  const [lon = null, lat = null] = query.near ?? []
  const [west, south, east, north] = query.bbox ?? [-180, -90, 180, 90]
  return reading(ctx, (db) =>
    sql<PlaceRow>(db, 'places/poi_find', {
      staff: may(ctx.actor, 'staff.read'),
      ...{ lon, lat, west, south, east, north },
      kinds: query.kind?.length ? query.kind : null,
      wheelchair: query.wheelchair ?? null,
      q: query.q?.trim() || null,
      at: now.toISOString(),
      on_duty: query.duty !== undefined,
      after_m: after?.[0] ?? null,
      after_layer: after?.[1] ?? null,
      after_id: after?.[2] ?? null,
      most,
    }),
  )
}

function nextLink({ baseUrl }: Context, query: PlaceQuery, after: After): string {
  const { kind, near, bbox, cursor: _, ...rest } = query
  const asked = { ...rest, kind: kind?.join(','), near: near?.join(','), bbox: bbox?.join(','), cursor: writeCursor(after) } // prettier-ignore
  const said = Object.entries(asked).filter(([, value]) => value !== undefined)
  return `${baseUrl}/api/places?${new URLSearchParams(said.map(([name, value]): [string, string] => [name, String(value)]))}`
}

const writeCursor = (after: After): string => Buffer.from(JSON.stringify(after)).toString('base64url')

function readCursor(text: string): After {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!Array.isArray(read)) throw new Error('no list')
    const [distance_m, layer, id] = read as unknown[]
    if (Number.isFinite(distance_m) && typeof layer === 'string' && /^\d{1,18}$/.test(String(id)))
      return [distance_m as number, layer, String(id)]
  } catch {
    // As below.
  }
  throw badParameter('cursor', 'parameter.cursor')
}
