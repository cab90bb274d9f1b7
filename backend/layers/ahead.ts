// What is entered in advance: the days on which features of dated layers begin or cease to be valid.
import { dayInAthens } from '../core/days.ts'
import { type Context, reading } from '../core/http/context.ts'
import { listLayers } from './catalogue.ts'
import type { DayAhead } from './contract.ts'
import { tableOf } from './ddl.ts'
import { isDated } from './validity.ts'

/** More are not read by anyone. */
const MOST = 50

interface Row {
  day: string
  layer: string
  begin: number
  end: number
}

/** Days after today, the next first, of the layers whose days the caller may see. */
export async function daysAhead(ctx: Context): Promise<DayAhead[]> {
  const dated = (await listLayers(ctx)).filter(({ fields }) => isDated(fields))
  if (dated.length === 0) return []
  const today = dayInAthens()
  const parts = dated.map(
    () => `SELECT ?::text AS layer, valid_from AS day, 1 AS begins FROM ?? WHERE valid_from > ?::date
           UNION ALL SELECT ?::text, valid_to + 1, 0 FROM ?? WHERE valid_to >= ?::date`,
  )
  const { rows }: { rows: Row[] } = await reading(ctx, (db) =>
    db.raw(
      `SELECT day::text AS day, layer, sum(begins)::int AS begin, (count(*) - sum(begins))::int AS "end"
         FROM (${parts.join(' UNION ALL ')}) AS d
        GROUP BY day, layer
        ORDER BY day, layer
        LIMIT ${MOST}`,
      dated.flatMap(({ slug }) => [slug, tableOf(slug), today, slug, tableOf(slug), today]),
    ),
  )
  const titles = new Map(dated.map(({ slug, title }) => [slug, title]))
  return rows.map(({ layer, ...row }) => ({ ...row, layer: { slug: layer, title: titles.get(layer)! } }))
}
