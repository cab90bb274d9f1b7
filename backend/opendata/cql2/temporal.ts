// Moments and intervals of CQL2 (OGC 21-065r2, 7.8 and 7.9).
import type { Fragment } from '../features.ts'
import { FilterError } from './expression.ts'
import type { Span, Typed } from './typed.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

/** Whether RFC 3339 has this day or time; year 0 is none that PostgreSQL knows. */
export const isMoment = (kind: 'date' | 'timestamp', value: string): boolean =>
  (kind === 'date' ? DATE : TIMESTAMP).test(value) &&
  !value.startsWith('0000') &&
  !Number.isNaN(Date.parse(value)) &&
  // 30 February is 2 March to Date.parse.
  new Date(`${value.slice(0, 10)}T00:00:00Z`).toISOString().slice(0, 10) === value.slice(0, 10)

/** A moment of CQL2 JSON as SQL. Throws FilterError. */
export function momentOf(part: Record<string, unknown>): [Typed['kind'], string, string[]] {
  const kind = 'date' in part ? 'date' : 'timestamp'
  const value = part[kind]
  if (typeof value !== 'string' || !isMoment(kind, value)) throw new FilterError('filter.time')
  return [kind, kind === 'date' ? '?::date' : '?::timestamptz', [value]]
}

// a starts, a ends, b starts, b ends: Allen's relations, as the standard's table has them.
const RELATIONS: Record<string, (a: Span, b: Span) => Fragment[]> = {
  t_after: (a, b) => [is(a.start, '>', b.end)],
  t_before: (a, b) => [is(a.end, '<', b.start)],
  t_contains: (a, b) => [is(a.start, '<', b.start), is(a.end, '>', b.end)],
  t_during: (a, b) => [is(a.start, '>', b.start), is(a.end, '<', b.end)],
  t_equals: (a, b) => [is(a.start, '=', b.start), is(a.end, '=', b.end)],
  t_finishedby: (a, b) => [is(a.start, '<', b.start), is(a.end, '=', b.end)],
  t_finishes: (a, b) => [is(a.start, '>', b.start), is(a.end, '=', b.end)],
  t_intersects: (a, b) => [is(a.start, '<=', b.end), is(a.end, '>=', b.start)],
  t_meets: (a, b) => [is(a.end, '=', b.start)],
  t_metby: (a, b) => [is(a.start, '=', b.end)],
  t_overlappedby: (a, b) => [is(a.start, '>', b.start), is(a.start, '<', b.end), is(a.end, '>', b.end)],
  t_overlaps: (a, b) => [is(a.start, '<', b.start), is(a.end, '>', b.start), is(a.end, '<', b.end)],
  t_startedby: (a, b) => [is(a.start, '=', b.start), is(a.end, '>', b.end)],
  t_starts: (a, b) => [is(a.start, '=', b.start), is(a.end, '<', b.end)],
}

/** Condition of a temporal operator; undefined: there is no such operator. */
export function temporal(op: string, a: Typed, b: Typed): Fragment | undefined {
  const [left, right] = [spanOf(a), spanOf(b)]
  if (op === 't_disjoint') {
    const met = temporal('t_intersects', a, b) as Fragment
    return { text: `(NOT ${met.text})`, values: met.values }
  }
  const parts = RELATIONS[op]?.(left, right)
  return (
    parts && {
      text: `(${parts.map(({ text }) => text).join(' AND ')})`,
      values: parts.flatMap(({ values }) => values),
    }
  )
}

const is = (a: Fragment, op: string, b: Fragment): Fragment => ({
  text: `${a.text} ${op} ${b.text}`,
  values: [...a.values, ...b.values],
})

/** A moment is an interval that ends where it starts. */
function spanOf({ kind, text, values, span }: Typed): Span {
  if (kind === 'date' || kind === 'timestamp') return { start: { text, values }, end: { text, values } }
  if (!span) throw new FilterError('filter.time')
  return span
}
