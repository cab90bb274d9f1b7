// A protocol number in the search box leads to its report.
import { localised } from '../core/i18n/text.ts'
import { type Context, may } from '../core/http/context.ts'
import type { Localised } from '../core/contract.ts'
import type { SearchResult } from '../places/contract.ts'
import type { Status } from './contract.ts'
import { visibleToStaff } from './visibility.ts'

interface Row {
  id: string
  protocol: string
  category: Localised
  status: Status
  lon: number
  lat: number
  is_own_work: boolean
}

/** The reports a text names by protocol number: public ones, and those that the caller works on. */
export async function findByProtocol(ctx: Context, q: string): Promise<SearchResult[]> {
  const protocols = protocolsIn(q)
  if (protocols.length === 0) return []
  const isOwnWork = ctx.actor && may(ctx.actor, 'report.read') ? visibleToStaff(ctx.db, ctx.actor) : ctx.db.raw('false')
  const rows: Row[] = await ctx
    .db('report as r')
    .join('case_record as k', 'k.id', 'r.id')
    .join('category as c', 'c.id', 'r.category_id')
    .select('r.id', 'k.protocol', 'c.title as category', 'r.status')
    .select(ctx.db.raw('ST_X(r.geom) AS lon, ST_Y(r.geom) AS lat, COALESCE(?, false) AS is_own_work', [isOwnWork]))
    .whereIn('k.protocol', protocols)
    .where((query) => query.where('r.is_public', true).orWhereRaw(isOwnWork))
    .orderBy(['k.protocol', 'k.municipality'])
    .limit(5)
  return rows.map(({ id, protocol, category, status, lon, lat, is_own_work }) => {
    const state = localised(`status.${status}`)
    return {
      kind: 'report',
      title: { el: protocol, en: protocol },
      subtitle: { el: `${category.el}, ${state.el}`, en: `${category.en}, ${state.en}` },
      layer: null,
      id,
      point: [lon, lat],
      bbox: null,
      is_own_work,
    }
  })
}

/** "2026/123", "2026-000123" and "123/2026" as protocol numbers are written. */
function protocolsIn(q: string): string[] {
  const [, first, second] = /^\s*(\d{1,9})\s*[/–-]\s*(\d{1,9})\s*$/.exec(q) ?? []
  if (!first || !second) return []
  return [
    [first, second],
    [second, first],
  ].flatMap(([year, number]) => (year?.length === 4 ? [`${year}/${String(Number(number)).padStart(6, '0')}`] : []))
}
