// Whether a streaming replica may answer: it does, it is one, and it is not far behind. Asked every few seconds, not for each request.
import type { Knex } from 'knex'

const CHECK_MS = 3000
const PATIENCE_MS = 2000
/** Older answers than this go on from the primary. */
const MOST_LAG_MS = 30_000

/** How far the primary had written at a moment: bytes of its log, milliseconds since 1970. */
export interface Mark {
  written: number
  at: number
}

/**
 * How far a replica must have come. The positions of the primary tell what a replica that has lost it cannot know about itself, and
 * an idle town is not a late one, as pg_last_xact_replay_timestamp() would have it.
 */
export function leastReplayed(marks: readonly Mark[], now: number): number {
  const mark = marks.findLast(({ at }) => now - at >= MOST_LAG_MS) ?? marks[0]
  return mark?.written ?? Infinity
}

const WRITTEN = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS position`
// Null when it is no standby (any more).
const REPLAYED = `SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::float8 END AS position`

const positionIn = async (db: Knex, query: string): Promise<number | null> =>
  (await db.raw(query).timeout(PATIENCE_MS)).rows[0].position

export interface Replica {
  db: Knex
  isGood: () => boolean
  /** A query has failed there: nobody asks it before the next check. */
  distrust: () => void
  close: () => Promise<void>
}

/** Begins to watch a replica. */
export async function watchReplica(primary: Knex, db: Knex): Promise<Replica> {
  let marks: Mark[] = []
  let isGood = false
  const check = async () => {
    const at = Date.now()
    // Without its primary a replica that had everything goes on.
    const written = await positionIn(primary, WRITTEN).catch(() => null)
    if (written !== null) marks = [...marks.filter((mark) => at - mark.at < 2 * MOST_LAG_MS), { written, at }]
    const replayed = await positionIn(db, REPLAYED).catch(() => null)
    isGood = replayed !== null && replayed >= leastReplayed(marks, at)
  }
  await check()
  const timer = setInterval(() => void check(), CHECK_MS).unref()
  return {
    db,
    isGood: () => isGood,
    distrust: () => (isGood = false),
    close: async () => {
      clearInterval(timer)
      await db.destroy()
    },
  }
}
