// What is on, read in one statement over all layers with role event.
import type { Localised } from '../core/contract.ts'
import { dayAfter, dayInAthens } from '../core/days.ts'
import { sql } from '../core/db/sql.ts'
import { type Context, may, reading } from '../core/http/context.ts'
import { badParameter, problem } from '../core/http/problem.ts'
import { Happening } from './contract.ts'

const MOST = 500
const USUAL_DAYS = 31
const LONGEST_DAYS = 366

interface Row extends Pick<Happening, 'layer' | 'id' | 'title' | 'kind' | 'is_all_day'> {
  key: string
  starts_at: string
  ends_at: string | null
  p: Record<string, unknown>
  updated_at: string
  lon: number
  lat: number
}

/** An event with what only calendars ask for. */
export interface Dated extends Happening {
  /** Names it for good, within its layer. */
  key: string
  /** Last change of its layer. */
  updated_at: string
}

interface Stretch {
  from?: string | undefined
  to?: string | undefined
  kind?: string | undefined
}

/** Events of these days (YYYY-MM-DD in Athens, both counted), the soonest first. Throws bad-parameter. */
export async function listHappenings(ctx: Context, { kind, ...asked }: Stretch) {
  const from = asked.from ?? dayInAthens()
  const to = asked.to ?? dayAfter(from, USUAL_DAYS - 1)
  if (to < from || to > dayAfter(from, LONGEST_DAYS)) throw badParameter('to', 'calendar.span')
  const all = await happenings(ctx, { from, to })
  const kinds = new Map(all.flatMap((one) => (one.kind ? [[one.kind.slug, one.kind]] : [])))
  return {
    from,
    to,
    kinds: [...kinds.values()],
    happenings: kind === undefined ? all : all.filter((one) => one.kind?.slug === kind),
  }
}

/** Events of these days, or the one feature of a layer. */
export async function happenings(
  ctx: Context,
  which: { from: string; to: string; kind?: string | null } | { layer: string; id: string },
): Promise<Dated[]> {
  const rows = await reading(ctx, (db) =>
    sql<Row>(db, 'calendar/happenings', {
      staff: may(ctx.actor, 'staff.read'),
      ...{ from: null, to: null, kind: null, layer: null, id: null },
      ...which,
      most: MOST,
    }),
  )
  return rows.map(asDated)
}

/** Throws not-found. */
export async function getHappening(ctx: Context, which: { layer: string; id: string }): Promise<Dated> {
  const [found] = await happenings(ctx, which)
  if (!found) throw problem('not-found')
  return found
}

function asDated({ p, starts_at, ends_at, lon, lat, ...rest }: Row): Dated {
  const one = (name: string) => (typeof p[name] === 'string' && p[name] ? p[name] : null)
  return {
    ...rest,
    starts_at: new Date(starts_at).toISOString(),
    ends_at: ends_at && new Date(ends_at).toISOString(),
    // A word that we do not know says at least not that it is off.
    status: Happening.shape.status.catch('scheduled').parse(p['status']),
    description: both(one('description_el'), one('description_en')),
    place: both(one('place_el'), one('place_en')),
    organiser: both(one('organiser_el'), one('organiser_en')),
    phone: one('phone'),
    url: webAddress(one('url')),
    point: [lon, lat],
  }
}

/** One language stands in for the other. */
const both = (el: string | null, en: string | null): Localised | null =>
  el === null && en === null ? null : { el: (el ?? en)!, en: (en ?? el)! }

/** Whatever else is in the field must not become a link. */
const webAddress = (text: string | null) =>
  text && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null
