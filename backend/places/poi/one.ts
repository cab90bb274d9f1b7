// One place with all that is known of it.
import type { Localised } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, may, reading } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { cardOf, pairOf, type PlaceRow, textOf } from './card.ts'
import type { PlaceDetail } from './contract.ts'
import { weekOf } from './hours.ts'

type Row = Omit<PlaceRow, 'on_duty_until'> &
  Pick<PlaceDetail, 'geometry' | 'bbox' | 'length_m' | 'source' | 'duties'> & { layer_title: Localised }

/** What may be said of a place at a moment. Throws not-found. */
export async function getPlace(ctx: Context, layer: string, key: string, now: Date): Promise<PlaceDetail> {
  const staff = may(ctx.actor, 'staff.read')
  const [row] = await reading(ctx, (db) => sql<Row>(db, 'places/poi_one', { layer, key, staff, at: now.toISOString() }))
  if (!row) throw problem('not-found')
  const duties = row.duties.map(({ starts_at, ends_at }) => ({
    starts_at: new Date(starts_at).toISOString(),
    ends_at: new Date(ends_at).toISOString(),
  }))
  const present = duties.filter(({ starts_at }) => new Date(starts_at) <= now).map(({ ends_at }) => ends_at)
  const on_duty_until = present.sort().at(-1) ?? null
  const hours = textOf(row, 'opening_hours')
  return {
    ...cardOf({ ...row, on_duty_until }, now),
    geometry: row.geometry,
    point: [row.lon, row.lat],
    bbox: row.bbox,
    properties: row.properties,
    description: pairOf(row, 'description'),
    website: websiteOf(textOf(row, 'website')),
    photos: photosOf(row.properties['photos'] ?? row.properties['photo']),
    week: hours ? weekOf(hours, now) : [],
    duties,
    length_m: row.length_m,
    profile: profileOf(row.properties['profile']),
    source: row.source,
  }
}

/** Only what leads to a page of the web. */
function websiteOf(text: string | null): string | null {
  const address = text && !text.includes('://') ? `https://${text}` : text
  return address && /^https?:/.test(address) && URL.canParse(address) ? address : null
}

/** Addresses on this server: a page of ours asks no other host for anything. */
function photosOf(value: unknown): PlaceDetail['photos'] {
  const all: unknown[] = Array.isArray(value) ? value : [value]
  return all.flatMap((one) => {
    const { url, credit } = typeof one === 'string' ? { url: one } : ((one ?? {}) as Record<string, unknown>)
    const isOurs = typeof url === 'string' && /^\/(?![/\\])/.test(url)
    return isOurs ? [{ url, credit: typeof credit === 'string' ? credit : null }] : []
  })
}

/** [[metres from the start, metres above the sea], …], going on and on; null: it is not that. */
function profileOf(value: unknown): PlaceDetail['profile'] {
  const isPair = (one: unknown): one is [number, number] =>
    Array.isArray(one) && one.length === 2 && one.every((number) => Number.isFinite(number))
  if (!Array.isArray(value) || value.length < 2 || !value.every(isPair)) return null
  return value.every(([at], n) => n === 0 || at > value[n - 1]![0]) ? value : null
}
