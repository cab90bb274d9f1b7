import type { Context } from '../../core/http/context.ts'
import type { Category } from './contract.ts'

/** What can be reported: groups, then their categories, in the order of the catalogue. */
export const listCategories = (ctx: Context): Promise<Category[]> =>
  ctx
    .db('category as c')
    .leftJoin('category as p', 'p.id', 'c.parent_id')
    .select(
      'c.slug',
      'c.title',
      'c.description',
      'p.slug as parent',
      'c.icon',
      'c.colour',
      'c.keywords',
      'c.is_public',
      'c.assurance',
      'c.working_days',
      'c.same_place_m',
      'c.reopen_days',
    )
    .orderBy('c.id')
    .limit(1000)
