// An animal that somebody looks for may be one that somebody has found.
import type { Knex } from 'knex'
import type { Db } from '../../core/db/connect.ts'
import { sqlText } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { actorOf, existing } from '../service.ts'
import { visibleToStaff } from '../visibility.ts'
import { followerOf } from '../words.ts'
import type { AnimalMatch, AnimalMatches } from './contract.ts'

/** As far as a dog runs in a few days; cats are mostly found much nearer, and come first by it. */
const RADIUS_M = 10_000
/** After three months hardly any is found by a description; those with a chip are found by that. */
const DAYS = 90
/** People are off by a day or two when they say since when it is gone, or seen. */
const SLIP_DAYS = 2

interface Reader {
  knowsChip: boolean
  /** Condition on r: which reports that are not public, too. */
  seen: Knex.Raw
}

/**
 * Animals that may be the one of a report: of its species, within 10 km and 90 days, likeliest first; with the same microchip whatever
 * distance and days. Nothing for a report that is of no side, or closed.
 */
export async function animalsLike(db: Db, id: string, { knowsChip, seen }: Reader): Promise<AnimalMatch[]> {
  const limits = { radius_m: RADIUS_M, days: DAYS, slip_days: SLIP_DAYS }
  const { rows } = await db.raw(sqlText('reports/animal_matches'), { id, knows_chip: knowsChip, seen, ...limits } as never) // prettier-ignore
  return rows
}

const answerOf = async (db: Db, id: string, reader: Reader): Promise<AnimalMatches> => ({
  radius_m: RADIUS_M,
  days: DAYS,
  matches: await animalsLike(db, id, reader),
})

const onlyPublic = (db: Db) => db.raw('false')

/** By what is public of both. Throws not-found, also for private reports. */
export async function listMatches({ db }: Context, id: string): Promise<AnimalMatches> {
  if (
    !(await db('report')
      .where({ id: existing(id), is_public: true })
      .first('id'))
  )
    throw problem('not-found')
  return answerOf(db, id, { knowsChip: false, seen: onlyPublic(db) })
}

/** For who holds a private link: of others what is public, and for the reporter whether the chip is the same. Throws not-found. */
export async function listFollowedMatches({ db }: Context, token: string): Promise<AnimalMatches> {
  const { reportId, supportId } = await followerOf(db, token)
  return answerOf(db, reportId, { knowsChip: supportId === null, seen: onlyPublic(db) })
}

/** With the private reports that the member of staff may see. Throws not-found. */
export async function listStaffMatches(ctx: Context, id: string): Promise<AnimalMatches> {
  const seen = visibleToStaff(ctx.db, actorOf(ctx))
  const row = await ctx.db('report as r').where('r.id', existing(id)).whereRaw(seen).first('r.id')
  if (!row) throw problem('not-found')
  return answerOf(ctx.db, id, { knowsChip: true, seen })
}
