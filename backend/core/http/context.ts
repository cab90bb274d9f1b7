import { type Assurance, assurances, type Language, type Permission, type Scope } from '../contract.ts'
import type { Config } from '../config.ts'
import type { Db, Database } from '../db/connect.ts'
import type { Storage } from '../files/storage.ts'
import type { Jobs } from '../jobs.ts'
import type { Sealer } from '../secrets.ts'
import type { Limits } from './limits.ts'
import { problem } from './problem.ts'

/** What somebody may do, and with which cases: those inside all the limits that are set. */
export interface Grant {
  permissions: readonly Permission[]
  departmentId: string | null
  crewId: string | null
  /** Feature of a layer. */
  area: { layer: string; slug: string } | null
  /** Also private cases of every department. */
  isUnlimited: boolean
}

export interface Actor {
  accountId: string
  /** Empty: came with a key. */
  sessionId: string
  name: string
  grants: readonly Grant[]
  /** What is still to be proven or set up; until then there are no grants. */
  needs: 'second_factor' | 'enrolment' | null
  /** How well we know who it is. */
  assurance: Assurance
  /** All that any grant permits. */
  permissions: readonly Permission[]
  /** Last proof of who it is; dangerous acts want a fresh one. */
  authenticatedAt: Date
}

/** For whom a program acts that came with a key, and what the key opens. */
export interface Key {
  accountId: string
  name: string
  scopes: readonly Scope[]
  /** Staff made it. */
  forStaff: boolean
  assurance: Assurance
}

/** The owner of a key, without anything that staff may do and without proof that it is they themselves. */
export const actorOfKey = ({ accountId, name, assurance }: Key): Actor => ({
  accountId,
  sessionId: '',
  name,
  grants: [],
  needs: null,
  assurance,
  permissions: [],
  authenticatedAt: new Date(0),
})

/** What every verb gets first: the database, who asks, in which language. */
export interface Context {
  db: Db
  /** See reading(). */
  reads: Db
  distrustReplica: () => void
  engine: Database['engine']
  config: Config
  sealer: Sealer
  limits: Limits
  jobs: Jobs
  storage: Storage
  /** Network address of the caller; behind trusted proxies the one they name. */
  address: string
  actor: Actor | null
  /** The key that came instead of a cookie. It makes an actor only at endpoints that name a scope. */
  key: Key | null
  /** Who holds the cookie by now; for answers that last. */
  renewActor: () => Promise<Actor | null>
  language: Language
  /** Day that is asked about, YYYY-MM-DD in Athens; none: today. What is not valid then is not read: see reading(). */
  day?: string | undefined
  requestId: string
  /** Address of this server as the caller sees it, without a slash at the end. */
  baseUrl: string
}

export const may = (actor: Actor | null, permission: Permission): boolean =>
  actor?.permissions.includes(permission) ?? false

/** A service wants to know who asks this well; staff act for others, and are known. Throws assurance-needed with the level. */
export function demandAssurance(actor: Actor | null, wanted: Assurance): void {
  const known = may(actor, 'staff.read') ? 'identity_proven' : (actor?.assurance ?? 'anonymous')
  if (assurances.indexOf(known) < assurances.indexOf(wanted))
    throw problem('assurance-needed', { extra: { assurance: wanted } })
}

/** Too much work is too much everywhere. */
const TIMED_OUT = '57014'

/**
 * Reads what need not be of this very second: from the replica, if there is a good one and the caller is not staff, who want to
 * see what they have just done. When the replica fails, this and the rest of the request is read from the primary.
 */
export async function reading<T>(ctx: Context, work: (db: Db) => Promise<T>): Promise<T> {
  const read = (db: Db) => (ctx.day ? onDay(db, ctx.day, work) : work(db))
  if (ctx.reads === ctx.db || may(ctx.actor, 'staff.read')) return read(ctx.db)
  try {
    return await read(ctx.reads)
  } catch (error) {
    if ((error as { code?: string }).code === TIMED_OUT) throw error
    ctx.distrustReplica()
    ctx.reads = ctx.db
    return read(ctx.db)
  }
}

/** The same caller, asking about another day. */
export const onDayOf = (ctx: Context, { at }: { at?: string | undefined }): Context => ({ ...ctx, day: at })

/** The views of the layers show what is valid on this day (asked_day() in the database). */
const onDay = <T>(db: Db, day: string, work: (db: Db) => Promise<T>): Promise<T> =>
  db.transaction(async (trx) => {
    await trx.raw(`SELECT set_config('asty.day', ?, true)`, [day])
    return work(trx)
  })
