// The rules of routing as a whole: read, tried and replaced.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import { getLayer, tableOf } from '../../layers/service.ts'
import { actorOf } from '../service.ts'
import type {
  getRuleArea as areaEndpoint,
  OpenMoves,
  publishRules as publishEndpoint,
  RoutingRules,
  Rule,
  WhatIf,
  whatIf as whatIfEndpoint,
} from './contract.ts'
import { keepRouting, moveOpen, openNow, whatIfNow } from './replay.ts'

type Trial = z.output<NonNullable<(typeof whatIfEndpoint)['body']>>
type RuleArea = z.output<typeof areaEndpoint.response>
type Publication = z.output<NonNullable<(typeof publishEndpoint)['body']>>

/** The rules that count, and the areas that they may name. */
export async function listRules(db: Db): Promise<RoutingRules> {
  const [listed] = await sql<Pick<RoutingRules, 'version' | 'rules'>>(db, 'reports/rules_list', {})
  const areas = await sql<RoutingRules['areas'][number]>(db, 'reports/rules_areas', {})
  return { ...listed!, areas }
}

/** The size and the shape of an area. Throws not-found. */
export async function getRuleArea(db: Db, which: { layer: string; slug: string }): Promise<RuleArea> {
  const [area] = await sql<RuleArea>(db, 'reports/rules_area', which)
  if (!area) throw problem('not-found')
  return area
}

/** What was done for nothing but to see what comes of it. */
const UNDONE = new Error('undone')

/** What other rules, or another shape of an area, would have done with the reports of the last days: done, seen and undone. */
export async function tryRules(ctx: Context, { rules, area, days }: Trial): Promise<WhatIf> {
  let seen: WhatIf | undefined
  await ctx.db
    .transaction(async (trx) => {
      await keepRouting(trx, days)
      if (rules) await replaceRules(trx, rules)
      if (area) await reshape({ ...ctx, db: trx, reads: trx }, area)
      seen = await whatIfNow(trx, days)
      throw UNDONE
    })
    .catch((error: unknown) => {
      if (error !== UNDONE) throw error
    })
  return seen!
}

/** Replaces the rules. Throws stale-version with those that count now, bad-parameter for what is not there. */
export async function publishRules(ctx: Context, { version, rules, moves_open }: Publication) {
  const { accountId } = actorOf(ctx)
  return ctx.db.transaction(async (trx) => {
    await oneAtATime(trx)
    const current = await listRules(trx)
    if (current.version !== version) throw problem('stale-version', { extra: { current, yours: { rules } } })
    await replaceRules(trx, rules)
    const moved = moves_open ? await moveOpen(trx, accountId, null) : 0
    await audit(ctx, { action: 'routing.publish', detail: { rules: rules.length, moved } }, trx)
    return { rules: await listRules(trx), moved }
  })
}

/** Open reports, not begun, that others have than the rules and areas say. */
export const listOpenMoves = (ctx: Context): Promise<OpenMoves> => ctx.db.transaction(openNow)

/** Gives them to whom the rules and areas say, with a reason that stays with each. */
export function moveReports(ctx: Context, reason: string): Promise<{ moved: number }> {
  return ctx.db.transaction(async (trx) => {
    await oneAtATime(trx)
    const moved = await moveOpen(trx, actorOf(ctx).accountId, reason)
    await audit(ctx, { action: 'routing.move', detail: { reason, moved } }, trx)
    return { moved }
  })
}

const oneAtATime = (trx: Db) => trx.raw(`SELECT pg_advisory_xact_lock(hashtext('asty.routing_rule'))`)

async function replaceRules(trx: Db, rules: readonly Rule[]): Promise<void> {
  const [fault] = await sql<{ index: number; field: string }>(trx, 'reports/rules_faults', { rules: JSON.stringify(rules) }) // prettier-ignore
  if (fault) {
    const { index, field } = fault
    throw badParameter(`rules.${index}.${field}`, field === 'slug' ? 'rule.slug_twice' : 'rule.not_there', { rule: rules[index]?.slug }) // prettier-ignore
  }
  await trx('routing_rule').delete()
  await sql(trx, 'reports/rules_insert', { rules: JSON.stringify(rules) })
}

async function reshape(ctx: Context, { layer, id, geometry }: NonNullable<Trial['area']>): Promise<void> {
  const { slug, geometry_type } = await getLayer(ctx, layer)
  if (geometry_type !== 'Polygon') throw badParameter('area.layer', 'rule.no_areas')
  const shape = ctx.db.raw('ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(?::text), 4326))', [JSON.stringify(geometry)])
  const changed = await ctx
    .db(tableOf(slug))
    .where({ id })
    .update({ geom: shape })
    .catch((error: { code?: string }) => {
      // XX000: PostGIS cannot read it; 23514: it crosses itself.
      if (error.code === 'XX000' || error.code === '23514') throw badParameter('area.geometry', 'rule.bad_shape')
      throw error
    })
  if (changed === 0) throw problem('not-found')
}
