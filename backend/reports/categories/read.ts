import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { type Category, filers, type StaffCategory } from './contract.ts'
import { isStaff } from './filing.ts'

const COLUMNS = [
  'c.slug',
  'c.title',
  'c.description',
  'p.slug as parent',
  'c.icon',
  'c.colour',
  'c.keywords',
  'c.is_public',
  'c.may_file',
  'c.may_subscribe',
  'c.assurance',
  'c.working_days',
  'c.resolution_hours',
  'c.answer_hours',
  'c.same_place_m',
  'c.reopen_days',
  'c.needs_photo',
  'c.geometries',
  'c.asset_layer',
  'c.asset_snap_m',
  'c.kind',
  'c.has_workflow',
  'c.expires_days',
  'c.pet_side',
]

/** Categories with their group and what they ask, in the order of the catalogue. */
export const categories = (db: Db) =>
  db('category as c')
    .leftJoin('category as p', 'p.id', 'c.parent_id')
    .leftJoin('category_form as f', 'f.id', 'c.form_id')
    .select(...COLUMNS, db.raw(`COALESCE(f.questions, '[]') AS questions, COALESCE(f.stops, '[]') AS stops`))
    .orderBy(['c.rank', 'c.id'])
    .limit(1000)

/** What the caller can report now: groups, then their categories. */
export async function listCategories(ctx: Context): Promise<Category[]> {
  const filed = (await isStaff(ctx)) ? filers : ['everybody']
  return categories(ctx.db).whereNull('c.retired_at').whereNull('p.retired_at').whereIn('c.may_file', filed)
}

const STAFF_COLUMNS = `
  d.slug AS department, c.retired_at IS NOT NULL AS is_retired, COALESCE(f.version, 0) AS form_version,
  COALESCE(n.report_count, 0) AS report_count, COALESCE(n.open_count, 0) AS open_count`

/** All categories with how many reports they have; only this one, when a slug is given. */
export const listStaffCategories = (db: Db, slug?: string): Promise<StaffCategory[]> => {
  const counts = db('report')
    .groupBy('category_id')
    .select('category_id', db.raw('count(*)::int AS report_count'))
    .select(db.raw('count(*) FILTER (WHERE closed_at IS NULL)::int AS open_count'))
  const query = categories(db)
    .leftJoin('department as d', 'd.id', 'c.department_id')
    .leftJoin(counts.as('n'), 'n.category_id', 'c.id')
    .select(db.raw(STAFF_COLUMNS))
  return slug === undefined ? query : query.where('c.slug', slug)
}
