// Which coordinate system a file means.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { Source } from './formats/source.ts'

/** Names that programs of others give to what PostGIS calls differently. */
const ALIASES: [name: RegExp, code: number][] = [
  [/greek_?grid|egsa_?(19)?87/i, 2100],
  [/^wgs_?1984_?web_?mercator/i, 3857],
  [/^(gcs_)?wgs_?(19)?84$/i, 4326],
  [/^gcs_ggrs_1987$/i, 4121],
]

/** EPSG code of what a file says, null when PostGIS knows no such system. */
export async function systemOf(db: Db, said: NonNullable<Source['crs']>): Promise<number | null> {
  if ('code' in said) return (await isKnown(db, said.code)) ? said.code : null
  const authority = /(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]\s*\]\s*$/.exec(said.wkt)?.[1]
  if (authority && (await isKnown(db, Number(authority)))) return Number(authority)
  const name = /^\s*\w+\["([^"]+)"/.exec(said.wkt)?.[1]
  if (!name) return null
  const alias = ALIASES.find(([pattern]) => pattern.test(name))
  if (alias) return alias[1]
  return (await sql<{ srid: number }>(db, 'layers/system_by_name', { name }))[0]?.srid ?? null
}

const isKnown = async (db: Db, srid: number) => Boolean(await db('spatial_ref_sys').where({ srid }).first('srid'))

// Extents in the units of the system, with a margin: reference/gis.md 4.1. Greece in Web Mercator: 19..30 east, 34..42 north.
const GUESSES: [code: number, west: number, south: number, east: number, north: number][] = [
  [4326, -180, -90, 180, 90],
  [2100, 94_000, 3_840_000, 1_010_000, 4_630_000],
  [3857, 2_100_000, 4_000_000, 3_400_000, 5_300_000],
]

/** EPSG code that the first position of a file suggests, null when it suggests none. */
export function guessSystem([x, y]: readonly [number, number]): number | null {
  return GUESSES.find(([, west, south, east, north]) => x >= west && x <= east && y >= south && y <= north)?.[0] ?? null
}
