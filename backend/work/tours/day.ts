// What there is to plan on a day: the crews, what they have begun, what waits.
import type { Localised, PointGeometry } from '../../core/contract.ts'
import { dayInAthens } from '../../core/days.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { Priority, WorkStatus } from '../contract.ts'
import { type CrewRow, listCrews } from '../crews/service.ts'
import { DUE_AT, visibleWork } from '../read.ts'

export interface Asked {
  day: string
  department?: string | undefined
  crews?: readonly string[] | undefined
  orders?: readonly string[] | undefined
}

export interface DayOrder {
  id: string
  protocol: string
  version: number
  task: string
  status: WorkStatus
  priority: Priority
  location: PointGeometry
  address: Localised | null
  /** Slug. */
  department: string
  /** Position on the tour of the day, from 1. */
  tour_position: number | null
  /** Slug of the crew on whose tour it is on this day; null: on none. */
  crew: string | null
  planned_min: number
  load_units: number
  /** Seconds of the day. */
  window_from_s: number | null
  window_to_s: number | null
  skills: string[]
  due_at: string | null
  started_at: string | null
  finished_at: string | null
}

/** More than crews of a department do in a day; the matrix grows with the square. */
const MOST_ORDERS = 300

/** Crews that go out on the day and are the caller's to plan for. Throws unknown-department, no-crews. */
export async function crewsOf(ctx: Context, { day, department, crews }: Asked): Promise<CrewRow[]> {
  const own = await listCrews(ctx, ctx.db, 'work.plan')
  const unknown = crews?.findIndex((slug) => !own.some((crew) => crew.slug === slug)) ?? -1
  if (unknown >= 0) throw problem('unknown-department', { path: `crews.${unknown}` })
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7
  const going = own.filter(
    (crew) =>
      crew.is_active &&
      (!department || crew.department.slug === department) &&
      (crews ? crews.includes(crew.slug) : crew.weekdays.includes(weekday)),
  )
  if (going.length === 0) throw problem('no-crews', { path: 'day' })
  return going
}

/** Throws day-over. */
export function demandDay(day: string): void {
  if (day < dayInAthens()) throw problem('day-over', { path: 'day' })
}

const SECONDS = (time: string) => `EXTRACT(epoch FROM o.${time})::int AS ${time}_s`
const COLUMNS = `o.id, k.protocol, o.version, o.task, o.status, o.priority, ST_AsGeoJSON(o.geom, 6)::jsonb AS location,
  o.place #> '{address,title}' AS address, d.slug AS department, CASE WHEN o.tour_position IS NOT NULL THEN w.slug END AS crew,
  o.tour_position, o.planned_min, o.load_units, ${SECONDS('window_from')}, ${SECONDS('window_to')},
  ARRAY(SELECT s.slug FROM work_order_skill AS n JOIN skill AS s ON s.id = n.skill_id WHERE n.work_order_id = o.id) AS skills,
  to_json(${DUE_AT}) AS due_at, to_json(o.started_at) AS started_at, to_json(o.finished_at) AS finished_at,
  count(*) OVER ()::int AS of`
/** What is on tours comes first in any case, in its order there. */
const PRESSING = `o.tour_position IS NULL, array_position(ARRAY['urgent', 'high', 'normal', 'low'], o.priority),
  ${DUE_AT} NULLS LAST, o.id`

/** All stops of these crews on the day, and the most pressing of what waits in their departments, as far as it is the caller's. */
export async function ordersOf(
  ctx: Context,
  crews: readonly CrewRow[],
  { day, orders }: Asked,
): Promise<{ orders: DayOrder[]; passed_over: number }> {
  const { db } = ctx
  const found: (DayOrder & { of: number })[] = await db('work_order as o')
    .join('case_record as k', 'k.id', 'o.id')
    .join('department as d', 'd.id', 'o.department_id')
    .leftJoin('crew as w', 'w.id', 'o.crew_id')
    .whereRaw(visibleWork(ctx, db, 'work.plan'))
    .whereIn('o.department_id', [...new Set(crews.map(({ department_id }) => department_id))])
    .where((any) =>
      any
        .where((tour) => {
          tour.where('o.day_on', day).whereNotNull('o.tour_position').whereNot('o.status', 'cancelled')
          tour.whereIn('o.crew_id', crews.map(({ id }) => id)) // prettier-ignore
        })
        .orWhere((waiting) => {
          waiting.where('o.status', 'draft').whereNull('o.tour_position')
          // What somebody has put off to a later day is not done today.
          waiting.where((on) => on.whereNull('o.day_on').orWhere('o.day_on', '<=', day))
          if (orders) waiting.whereIn('o.id', orders)
        }),
    )
    .orderByRaw(PRESSING)
    .limit(MOST_ORDERS)
    .select(db.raw(COLUMNS))
  return { orders: found, passed_over: Math.max(0, (found[0]?.of ?? 0) - found.length) }
}
