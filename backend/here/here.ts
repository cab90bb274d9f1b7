// "What is here": the areas of a point, what lies around it by subject, and the reports around it. One round trip.
import { dayInAthens } from '../core/days.ts'
import { type Context, may, reading } from '../core/http/context.ts'
import { locateBeside } from '../places/service.ts'
import { HOUSE_M, schoolYear } from '../schools/service.ts'
import { REACH, subjectOf } from './cards.ts'
import { type Card, type FoundFeature, type Here, type Source, subjects } from './contract.ts'

/** Reports of one's own corner, metres. */
const REPORT_M = 100

type Found = FoundFeature & { role: string; source: Source }

interface Row {
  features: Found[] | null
  reports: Here['reports'] | null
  east: number
  north: number
}

/** Everything the city knows about one point. lon, lat in degrees (EPSG:4326). */
export async function whatIsHere(ctx: Context, { lon, lat }: { lon: number; lat: number }): Promise<Here> {
  const today = ctx.day ?? dayInAthens()
  const { place, beside } = await reading(ctx, (db) =>
    locateBeside<Row>(db, [lon, lat], 'here/around', {
      lon,
      lat,
      staff: may(ctx.actor, 'staff.read'),
      reach: JSON.stringify(REACH),
      today,
      school_year: schoolYear(today),
      report_m: REPORT_M,
      house_m: HOUSE_M,
    }),
  )
  const { features, reports, east, north } = beside
  return { lon, lat, grid: { east, north }, place, cards: cardsOf(features ?? []), reports: reports ?? [] }
}

function cardsOf(features: Found[]): Card[] {
  const nameOf = ({ layer, id }: Found) => `${layer.slug}/${id}`
  const ours = new Set(features.filter(({ zone }) => zone).map(nameOf))
  return subjects.flatMap((subject) => {
    // The school of the point is told as such, not once more as one of the places around.
    const own = features.filter(
      (one) => subjectOf(one.role) === subject && (one.zone !== null || !ours.has(nameOf(one))),
    )
    const sources = new Map(own.map(({ source }) => [source.layer.slug, source]))
    return own.length > 0 ? [{ subject, features: own, sources: [...sources.values()] }] : []
  })
}
