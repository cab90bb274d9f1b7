// How often somebody may try something. Counted in the database, so that all nodes count together.
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { execute } from '../db/client.ts'
import type { Db } from '../db/connect.ts'
import type { Language } from '../contract.ts'
import { problem } from './problem.ts'

export interface Limit {
  /** Name of what is counted. */
  action: string
  points: number
  per_s: number
}

/** A sheet of paper is more work than a page. */
export const SHEETS: Limit = { action: 'sheet', points: 30, per_s: 300 }

export interface Limits {
  /** Counts one try. Throws too-many-requests, with the seconds to wait, when there were too many. */
  take: (limit: Limit, who: string) => Promise<void>
  /** Takes one try back: it was a good one. */
  giveBack: (limit: Limit, who: string) => Promise<void>
}

const NO_LIMITS: Limits = { take: async () => undefined, giveBack: async () => undefined }

/** Limits counted in `rate_limit`; none at all when they are switched off. */
export function createLimits(db: Db, isOn: boolean): Limits {
  if (!isOn) return NO_LIMITS
  const limiters = new Map<string, RateLimiterPostgres>()
  const limiterOf = ({ action, points, per_s }: Limit) => {
    const known = limiters.get(action)
    if (known) return known
    const made = new RateLimiterPostgres({
      storeClient: clientOf(db),
      storeType: 'client',
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix: action,
      points,
      duration: per_s,
    })
    limiters.set(action, made)
    return made
  }
  return {
    take: async (limit, who) => {
      await limiterOf(limit)
        .consume(who)
        .catch((refusal: unknown) => {
          throw refusal instanceof RateLimiterRes ? tooMany(Math.ceil(refusal.msBeforeNext / 1000)) : refusal
        })
    },
    giveBack: async (limit, who) => {
      await limiterOf(limit).reward(who)
    },
  }
}

/** Without the library's named statements, which the clients of the embedded engine would share. */
const clientOf = (db: Db) => ({
  query: ({ text, values }: { text: string; values: unknown[] }) => execute(db, text, values),
})

const wait = (language: Language, seconds: number): string =>
  new Intl.NumberFormat(language, {
    style: 'unit',
    unit: seconds < 100 ? 'second' : 'minute',
    unitDisplay: 'long',
  }).format(seconds < 100 ? seconds : Math.ceil(seconds / 60))

/** The refusal; Retry-After in seconds (RFC 9110 10.2.3). */
export const tooMany = (seconds: number) =>
  problem('too-many-requests', {
    values: (language) => ({ wait: wait(language, seconds) }),
    headers: { 'Retry-After': String(seconds) },
  })
