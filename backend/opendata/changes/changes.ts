// What has changed in a collection since somebody asked last, and what is gone: for those who keep a copy.
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import type { Collection } from '../collections.ts'
import { everything, readPage } from '../features.ts'

export interface Changes {
  /** GeoJSON features in pieces, as they are by now. */
  features: readonly string[]
  /** Ids of features that are not in the collection by now. */
  gone: string[]
  count: number
  /** What to ask with next. */
  next: string
  /** There is more at once. */
  hasMore: boolean
}

/** What a caller knows: everything that transactions before `since` of this database have written, and the rows of the log up to a place. */
interface Token {
  system: string
  since: string
  /** Inside a walk over pages. */
  after: Place | null
}

interface Place {
  xact: string
  id: string
}

interface Page {
  ids: string[]
  more: boolean
  last: Place | null
  horizon: string
  is_ahead: boolean
  is_lost: boolean
  /** Numbers of transactions mean something in one cluster only; a restored copy counts anew. */
  system: string
}

const TOKEN = /^(\d{1,20})\.(\d{1,19})(?:\.(\d{1,19})\.(\d{1,18}))?$/

function readToken(value: string): Token {
  const [, system, since, xact, id] = TOKEN.exec(value) ?? []
  if (!system || !since) throw badParameter('since', 'parameter.since')
  return { system, since, after: xact && id ? { xact, id } : null }
}

const tokenOf = ({ system, since, after }: Token): string =>
  [system, since, ...(after ? [after.xact, after.id] : [])].join('.')

/** A token for who is about to copy the whole collection: nothing that the copy lacks is before it. */
export async function startOfChanges(ctx: Context): Promise<string> {
  // A page of the copy may come from the replica and this from the primary, or the other way round: the one that is behind counts.
  const { rows } = await ctx.db.raw(`SELECT ${HORIZON} AS since, (SELECT system_identifier::text FROM pg_control_system()) AS system`) // prettier-ignore
  const replica = ctx.reads === ctx.db ? null : await reading(ctx, async (db) => db.raw(`SELECT ${HORIZON} AS since`))
  const since = [rows[0].since, replica?.rows[0].since ?? rows[0].since].map(BigInt)
  return tokenOf({ system: rows[0].system, since: String(since[0]! < since[1]! ? since[0] : since[1]), after: null })
}

const HORIZON = 'pg_snapshot_xmin(pg_current_snapshot())::text'

/** A page of changes. Throws bad-parameter, and changes-gone when the caller has to copy the whole collection anew. */
export async function readChanges(ctx: Context, collection: Collection, value: string): Promise<Changes> {
  const token = readToken(value)
  // From the primary, all of it: a replica may be behind what the token knows.
  const page = await readLog(ctx.db, collection.slug, token)
  // First what is gone, then what is there: whatever happens in between comes again with the next question.
  const gone = await absent(ctx.db, collection, page.ids)
  const present = { text: `f.id = ANY(?::text[]::${collection.id_type}[])`, values: [page.ids] }
  const query = { ...everything(collection, page.ids.length), where: [present] }
  const { features, count } = await readPage({ ...ctx, reads: ctx.db }, collection, query)
  return { features, gone, count, next: tokenOf(following(token, page)), hasMore: page.more }
}

async function readLog(db: Db, slug: string, { system, since, after }: Token): Promise<Page> {
  const { xact, id } = after ?? { xact: since, id: '0' }
  const [page] = await sql<Page>(db, 'opendata/changes', { collection: slug, since, xact, id })
  if (!page || page.system !== system || page.is_ahead || page.is_lost)
    throw problem('changes-gone', { extra: { dataset: slug } })
  return page
}

/** On the way through the pages the horizon of the first of them is kept: what commits meanwhile is for the next walk. */
const following = ({ system, since, after }: Token, { more, last, horizon }: Page): Token => ({
  system,
  since: after ? since : horizon,
  after: more ? last : null,
})

async function absent(db: Db, { relation, id_type }: Collection, ids: string[]): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT u.id FROM unnest(?::text[]) AS u (id) WHERE NOT EXISTS (SELECT FROM ?? AS f WHERE f.id = u.id::${id_type}) ORDER BY u.id::${id_type}`,
    [ids, relation],
  )
  return rows.map(({ id }: { id: string }) => id)
}
