// From crews and orders to the problem that the planner solves, and its answer back again.
import type { PointGeometry } from '../../core/contract.ts'
import { clockInAthens, dayInAthens, momentInAthens } from '../../core/days.ts'
import type { Distances } from '../../places/service.ts'
import type { Priority } from '../contract.ts'
import type { CrewRow } from '../crews/service.ts'
import type { PlanCrew, PlanStop, Problem } from '../planning/problem.ts'
import type { DayOrder } from './day.ts'

/** In town with its crossings and the search for a place to stop, kilometres an hour. */
export const DRIVE_KMH = 25
const WEIGHTS: Record<Priority, number> = { low: 1, normal: 2, high: 4, urgent: 8 }
const MINUTE_S = 60

type LonLat = readonly [number, number]

export interface Start {
  /** Where the crew is; null: nobody knows, and it begins at its first stop. */
  from: PointGeometry | null
  from_s: number
  to_s: number
  /** Units of load that are gone. */
  loaded: number
  begun: number
}

/** A day whose distances are still to be asked for. */
export interface Day {
  day: string
  crews: readonly CrewRow[]
  starts: readonly Start[]
  /** Orders that can still be planned. */
  orders: readonly DayOrder[]
  /** All places that matter, each once for every use; degrees. */
  places: LonLat[]
}

const hasBegun = ({ status }: DayOrder) => status !== 'draft' && status !== 'planned'

/** Sorts out what has begun: those stops keep their place, and their crew goes on from the last of them. */
export function dayOf(day: string, crews: readonly CrewRow[], orders: readonly DayOrder[], now: Date): Day {
  const starts = crews.map((crew) => startOf(day, crew, orders.filter((order) => order.crew === crew.slug && hasBegun(order)), now)) // prettier-ignore
  const open = orders.filter((order) => !hasBegun(order))
  const at = (point: PointGeometry | null): LonLat[] => (point ? [point.coordinates] : [])
  const places = [
    ...starts.flatMap(({ from }) => at(from)),
    ...crews.flatMap(({ depot }) => at(depot)),
    ...open.map(({ location }) => location.coordinates),
  ]
  return { day, crews, starts, orders: open, places }
}

function startOf(day: string, crew: CrewRow, begun: readonly DayOrder[], now: Date): Start {
  const isToday = day === dayInAthens(now)
  const shift_s = clock_s(crew.shift_from)
  const now_s = isToday ? Math.max(shift_s, clockInAthens(now)) : shift_s
  const last = begun.toSorted((a, b) => lastHeard(a) - lastHeard(b)).at(-1)
  const underWay = begun.find(({ status }) => status === 'under_way')
  const ready_s = underWay?.started_at && isToday ? clockInAthens(new Date(underWay.started_at)) + underWay.planned_min * MINUTE_S : 0 // prettier-ignore
  return {
    from: (underWay ?? last)?.location ?? crew.depot,
    from_s: Math.max(now_s, ready_s),
    to_s: clock_s(crew.shift_to),
    loaded: begun
      .filter(({ status }) => status !== 'not_possible')
      .reduce((sum, { load_units }) => sum + load_units, 0),
    begun: begun.length,
  }
}

const lastHeard = ({ started_at, finished_at }: DayOrder) => Date.parse(finished_at ?? started_at ?? '') || 0

/** HH:MM as seconds of the day. */
const clock_s = (clock: string): number => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * MINUTE_S

/** keep_planned: what is on a tour stays with its crew. */
export function problemOf(
  { day, crews, starts, orders, places }: Day,
  { drive_m }: Distances,
  now: Date,
  keep_planned: boolean,
): Problem {
  let next = 0
  const placeOf = (point: unknown) => (point ? next++ : null)
  // In the order in which dayOf() has listed the places.
  const from = starts.map((start) => placeOf(start.from))
  const end = crews.map(({ depot }) => placeOf(depot))
  const first = next
  return {
    size: places.length,
    drive_m,
    drive_s: drive_m.map((m) => (m / DRIVE_KMH) * 3.6),
    crews: crews.map((crew, k): PlanCrew => {
      const { from_s, to_s, loaded } = starts[k]!
      return { start: from[k]!, end: end[k]!, from_s, to_s, load: crew.load_units === null ? Infinity : crew.load_units - loaded } // prettier-ignore
    }),
    stops: orders.map((order, n): PlanStop => {
      const { window_from_s, window_to_s } = order
      return {
        at: first + n,
        service_s: order.planned_min * MINUTE_S,
        load: order.load_units,
        window: window_from_s === null || window_to_s === null ? null : [window_from_s, window_to_s],
        ...promiseOf(day, order, now),
        weight: WEIGHTS[order.priority],
        crews: crews.map((crew) => (keep_planned && order.crew ? order.crew === crew.slug : mayDo(crew, order))),
      }
    }),
  }
}

const mayDo = (crew: CrewRow, { department, skills }: DayOrder): boolean =>
  crew.department.slug === department && skills.every((skill) => crew.skills.some(({ slug }) => slug === skill))

/** What was due before cannot be made good any more: it presses, but no hour of the day is better for it than another. */
function promiseOf(day: string, { due_at }: DayOrder, now: Date): Pick<PlanStop, 'due_s' | 'is_due'> {
  if (!due_at) return { due_s: null, is_due: false }
  const due = new Date(due_at)
  const is_due = dayInAthens(due) <= day
  return { due_s: is_due && due > now && dayInAthens(due) === day ? clockInAthens(due) : null, is_due }
}

/** RFC 3339. */
export const momentOf = (day: string, clock: number): string => momentInAthens(day, clock).toISOString()
