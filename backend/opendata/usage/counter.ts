// Counts how often datasets are taken, without a trace of who took them: a number for each dataset, format and day.
import type { RequestHandler, Response } from 'express'
import { dayInAthens } from '../../core/days.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Log } from '../../core/log.ts'

/** A node that dies loses at most what it counted in this time. */
const WRITE_MS = 30_000

export interface UsageCounter {
  /** Counts answers that say what they hold. */
  count: RequestHandler
  /** Writes what was counted since the last time. */
  write: () => Promise<void>
  /** Writes for the last time. */
  stop: () => Promise<void>
}

interface Taken {
  dataset: string
  /** Ending of a file, or ogc. */
  format: string
}

/** Says what an answer holds; it counts when it is complete. */
export function isTaking(response: Response, taken: Taken): void {
  response.locals['taken'] = taken
}

/** One write for many requests, every so often. */
export function countUsage(db: Db, log: Log): UsageCounter {
  let counts = new Map<string, number>()
  const add = (key: string, n: number) => counts.set(key, (counts.get(key) ?? 0) + n)
  const write = async () => {
    if (counts.size === 0) return
    const written = counts
    counts = new Map()
    try {
      await store(db, written)
    } catch (error) {
      // The database is away: they are kept for the next time. There are no more of them than datasets, formats and days.
      for (const [key, n] of written) add(key, n)
      log.warn({ err: error }, 'usage of open data')
    }
  }
  const timer = setInterval(() => void write(), WRITE_MS).unref()
  return {
    count: (request, response, next) => {
      // Not 'close': who went away half-way has not taken it.
      response.once('finish', () => {
        const taken = response.locals['taken'] as Taken | undefined
        if (taken && request.method === 'GET' && response.statusCode === 200)
          add(JSON.stringify([taken.dataset, taken.format, dayInAthens()]), 1)
      })
      next()
    },
    write,
    stop: () => {
      clearInterval(timer)
      return write()
    },
  }
}

async function store(db: Db, counts: ReadonlyMap<string, number>): Promise<void> {
  const keys = [...counts.keys()].map((key) => JSON.parse(key) as [string, string, string])
  await sql(db, 'opendata/usage_add', {
    datasets: keys.map(([dataset]) => dataset),
    formats: keys.map(([, format]) => format),
    days: keys.map(([, , day]) => day),
    counts: [...counts.values()],
  })
}
