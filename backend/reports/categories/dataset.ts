// Each public category that asks something for all to read is a dataset of its own, with its answers as columns.
import type { Localised } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { type AnswerColumn, columnsOf } from '../forms/columns.ts'
import type { Question } from '../forms/contract.ts'
import { publicReports } from '../published.ts'

export interface CategoryDataset {
  slug: string
  title: Localised
  description: Localised
  columns: AnswerColumn[]
  feature_count: number
  /** View with its schema. */
  relation: string
}

const SQL_TYPE = { text: 'text', number: 'float8', boolean: 'boolean', date: 'date', json: 'jsonb' } as const

const viewOf = (slug: string): string => `answers.${slug}`

interface Row {
  id: string
  slug: string
  title: Localised
  description: Localised
  /** Oldest first. */
  versions: Question[][]
}

/** Categories that ever asked something. */
const asked = (db: Db) =>
  db('category as c')
    .join('category_form as f', 'f.category_id', 'c.id')
    .groupBy('c.id')
    .select('c.id', 'c.slug', 'c.title', 'c.description')
    .select(db.raw('jsonb_agg(f.questions ORDER BY f.version) AS versions'))
    .orderBy(['c.rank', 'c.id'])
    .limit(1000)

/** Writes the view of a category anew, after its questions have changed. */
export async function rebuildView(trx: Db, categoryId: string): Promise<void> {
  const [category]: Row[] = await asked(trx).where({ 'c.id': categoryId })
  if (!category) return
  const columns = columnsOf(category.versions)
  await trx.raw('DROP VIEW IF EXISTS ??', [viewOf(category.slug)])
  if (columns.length === 0) return
  const types = columns.map(({ type }) => `?? ${SQL_TYPE[type]}`).join(', ')
  const names = columns.map(({ name }) => name)
  // DDL takes no parameters: slugs are letters, digits and dashes, by their schema.
  const slug = category.slug.replace(/[^a-z0-9-]/g, '')
  await trx.raw(
    `CREATE VIEW ?? AS
       SELECT p.id, p.protocol, p.status, p.district, p.department, p.created_at, p.updated_at, p.due_at, p.closed_at, p.geom,
              ${names.map(() => 'a.??').join(', ')}
         FROM public_report AS p
         LEFT JOIN LATERAL jsonb_to_record(p.answers) AS a (${types}) ON true
        WHERE p.category = '${slug}'`,
    [viewOf(category.slug), ...names, ...names],
  )
}

const counts = new WeakMap<Db, { version: string; byCategory: Map<string, number> }>()

/** Public reports of each category; counted anew when any of them has changed. */
async function countsOf(db: Db): Promise<Map<string, number>> {
  const { feature_count, updated_at } = await publicReports(db)
  const version = `${feature_count} ${updated_at}`
  const known = counts.get(db)
  if (known?.version === version) return known.byCategory
  const rows: { category_id: string; n: number }[] = await db('report')
    .where('is_public', true)
    .groupBy('category_id')
    .select('category_id', db.raw('count(*)::int AS n'))
  const byCategory = new Map(rows.map(({ category_id, n }) => [category_id, n]))
  counts.set(db, { version, byCategory })
  return byCategory
}

/** Public categories, retired ones too, that ever asked something for all to read. */
export async function categoryDatasets(db: Db): Promise<CategoryDataset[]> {
  const rows: Row[] = await asked(db).where({ 'c.is_public': true })
  const withColumns = rows
    .map((row) => ({ ...row, columns: columnsOf(row.versions) }))
    .filter(({ columns }) => columns.length > 0)
  if (withColumns.length === 0) return []
  const byCategory = await countsOf(db)
  return withColumns.map(({ id, slug, title, description, columns }) => ({
    slug,
    title,
    description,
    columns,
    feature_count: byCategory.get(id) ?? 0,
    relation: viewOf(slug),
  }))
}
