// Points counted by cell, and points as they are. All counting is done by the database.
import { spanOf } from '../../core/days.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { badParameter } from '../../core/http/problem.ts'
import { getCity } from '../../places/service.ts'
import { type Cells, type CellsQuery, type Points, type PointsQuery, REPORTS } from './contract.ts'
import { sourceOf, type Source } from './source.ts'

/** More cells are no picture, and a burden to draw. */
const MOST_CELLS = 20_000
/** What a browser draws as it moves. */
const MOST_POINTS = 100_000

const NO_DAYS = { from: null, to: null }

/** The days that are meant: reports have a year unless told, layers all there is. Throws bad-parameter. */
function daysOf(asked: { source: string; from?: string; to?: string }, { time }: Source) {
  if (asked.source !== REPORTS && !asked.from && !asked.to) return NO_DAYS
  if (!time) throw badParameter('from', 'analytics.no_time')
  return spanOf(asked)
}

function daysBefore({ before_from, before_to }: CellsQuery, { time }: Source) {
  if (!before_from && !before_to) return NO_DAYS
  if (!before_from || !before_to) throw badParameter('before_from', 'analytics.both_days')
  if (!time) throw badParameter('before_from', 'analytics.no_time')
  return spanOf({ from: before_from, to: before_to })
}

/**
 * Points by cell. Cells lie on a grid of EPSG:3857 that starts at its origin, so they stay where they are however the map moves;
 * Mercator stretches by 1 / cos(latitude), and size_m is true at the latitude of the town. Throws bad-parameter, not-found.
 */
export async function countCells(ctx: Context, asked: CellsQuery): Promise<Cells> {
  const source = await sourceOf(ctx, asked)
  const days = daysOf(asked, source)
  const before = daysBefore(asked, source)
  const latitude = (await getCity(ctx)).centre[1]
  const width_m = asked.size_m / Math.cos((latitude * Math.PI) / 180)
  const [counted] = await reading(ctx, async (db) =>
    sql<Omit<Cells, 'time' | 'width_m'> & { cells: number }>(db, 'insights/cells', {
      rows: source.rows(db),
      shape: asked.shape,
      width_m,
      ...days,
      before_from: before.from,
      before_to: before.to,
      most: MOST_CELLS,
    }),
  )
  const { cells, ...columns } = counted!
  if (cells > MOST_CELLS) throw badParameter('size_m', 'analytics.too_many_cells', { most: MOST_CELLS })
  return { time: source.time, width_m, ...columns }
}

/** Points with their days; of too many an even sample. Throws bad-parameter, not-found. */
export async function listPoints(ctx: Context, asked: PointsQuery): Promise<Points> {
  const source = await sourceOf(ctx, asked)
  const days = daysOf(asked, source)
  const [columns] = await reading(ctx, async (db) =>
    sql<Omit<Points, 'time'>>(db, 'insights/points', { rows: source.rows(db), ...days, most: MOST_POINTS }),
  )
  return { time: source.time, ...columns! }
}
