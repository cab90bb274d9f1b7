// Which school is ours: what the street register says of the house, and what the zones say of the place.
import type { Localised } from '../core/contract.ts'
import { dayInAthens } from '../core/days.ts'
import { sql } from '../core/db/sql.ts'
import { type Context, may, reading } from '../core/http/context.ts'
import { walkingDistances } from '../places/service.ts'
import type { FoundSchools, School } from './contract.ts'
import { dayOfYear, schoolYear } from './year.ts'

/** A click beside a house means that house, metres. */
export const HOUSE_M = 60

interface Row {
  address: FoundSchools['address']
  school_year: string | null
  school_years: string[]
  schools: (Omit<School, 'walk_m'> & { level: string; level_title: Localised })[]
}

/** The schools of a point (degrees, EPSG:4326) in a school year; without one in this year, or the last that is known. */
export async function findSchools(
  ctx: Context,
  { lon, lat, school_year }: { lon: number; lat: number; school_year?: string | undefined },
): Promise<FoundSchools> {
  const today = ctx.day ?? dayInAthens()
  const asked = school_year ?? schoolYear(today)
  // Zones that are planned are entered in advance, and those of former years stay.
  const day = asked === schoolYear(today) ? ctx.day : dayOfYear(asked)
  const [row] = await reading({ ...ctx, day }, (db) =>
    sql<Row>(db, 'schools/find', {
      lon,
      lat,
      school_year: asked,
      house_m: HOUSE_M,
      staff: may(ctx.actor, 'staff.read'),
    }),
  )
  if (!row) throw new Error('the query has one row')
  const { address, school_years, schools } = row
  const walks = await reading(ctx, (db) => walkingDistances(db, [lon, lat], schools.map(({ point }) => point))) // prettier-ignore
  const walked = schools.map((school, n) => ({ ...school, walk_m: walks[n] ?? null }))
  return { school_year: row.school_year ?? asked, school_years, address, levels: levelsOf(walked) }
}

type Walked = School & Pick<Row['schools'][number], 'level' | 'level_title'>

function levelsOf(schools: Walked[]): FoundSchools['levels'] {
  const levels = new Map<string, Walked[]>()
  for (const school of schools) levels.set(school.level, [...(levels.get(school.level) ?? []), school])
  return [...levels].map(([slug, own]) => ({
    level: { slug, title: own[0]!.level_title },
    schools: own,
    // Two zones or two lines may share a house; register and zone that name nobody in common contradict each other.
    is_disputed:
      own.some(({ by }) => by.includes('register')) &&
      own.some(({ by }) => by.includes('zone')) &&
      !own.some(({ by }) => by.length > 1),
  }))
}
