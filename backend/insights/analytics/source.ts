// What is counted: rows (id, geom, at), from which what the caller may not see is already gone.
import type { Knex } from 'knex'
import type { Localised } from '../../core/contract.ts'
import { type Context, may } from '../../core/http/context.ts'
import type { Db } from '../../core/db/connect.ts'
import { badParameter, problem } from '../../core/http/problem.ts'
import { getLayer, tableOf } from '../../layers/service.ts'
import { actorOf, visibleToStaff } from '../../reports/service.ts'
import { REPORTS } from './contract.ts'

export interface Source {
  time: Localised | null
  /** SQL of the rows: id text, geom in EPSG:4326, at timestamptz. */
  rows: (db: Db) => Knex.Raw
}

interface Asked {
  source: string
  bbox?: [number, number, number, number]
  category?: string
}

const REPORTED: Localised = { el: 'Ημέρα υποβολής', en: 'Day of the report' }

/** The source of this name. Throws not-found, also for a layer that is not public; bad-parameter for lines and areas. */
export const sourceOf = (ctx: Context, asked: Asked): Source | Promise<Source> =>
  asked.source === REPORTS ? reports(ctx, asked) : layer(ctx, asked)

const within = (db: Db, column: string, bbox: Asked['bbox']) =>
  bbox ? db.raw(`${column} && ST_MakeEnvelope(?, ?, ?, ?, 4326)`, bbox) : db.raw('true')

/** Only public ones, also for staff: a map of points tells where a private one lies. Of these staff see their own part. */
function reports(ctx: Context, { bbox, category }: Asked): Source {
  const own = (db: Db) =>
    ctx.actor && may(ctx.actor, 'report.read')
      ? db.raw('p.id IN (SELECT r.id FROM report AS r WHERE ?)', [visibleToStaff(db, actorOf(ctx))])
      : db.raw('true')
  const chosen = (db: Db) =>
    category
      ? db.raw(
          'p.category IN (SELECT c.slug FROM category AS c LEFT JOIN category AS g ON g.id = c.parent_id WHERE ? IN (c.slug, g.slug))',
          [category],
        )
      : db.raw('true')
  return {
    time: REPORTED,
    rows: (db) =>
      db.raw('SELECT p.id::text AS id, p.geom, p.created_at AS at FROM public_report AS p WHERE ? AND ? AND ?', [
        own(db),
        chosen(db),
        within(db, 'p.geom', bbox),
      ]),
  }
}

async function layer(ctx: Context, { source, bbox, category }: Asked): Promise<Source> {
  const found = await getLayer(ctx, source)
  if (found.visibility !== 'public') throw problem('not-found')
  if (found.geometry_type !== 'Point') throw badParameter('source', 'analytics.points_only')
  if (category) throw badParameter('category', 'analytics.reports_only')
  const field = found.fields.find(({ type }) => type === 'date' || type === 'timestamp')
  const at = (db: Db) => {
    if (!field) return db.raw('NULL::timestamptz')
    return field.type === 'date'
      ? db.raw(`f.??::timestamp AT TIME ZONE 'Europe/Athens'`, [field.name])
      : db.raw('f.??', [field.name])
  }
  return {
    time: field?.title ?? null,
    rows: (db) =>
      db.raw('SELECT f.id::text AS id, f.geom, ? AS at FROM ?? AS f WHERE ?', [
        at(db),
        tableOf(source),
        within(db, 'f.geom', bbox),
      ]),
  }
}
