// Who may file the reports of a category.
import { type Context, may } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { staffOfKey } from '../../people/service.ts'
import type { Category } from './contract.ts'

/** Whether staff ask: signed in, or by a program with a key that they made. */
export async function isStaff({ db, actor, key }: Pick<Context, 'db' | 'actor' | 'key'>): Promise<boolean> {
  return may(actor, 'staff.read') || (key !== null && may(await staffOfKey(db, key, 'staff.read'), 'staff.read'))
}

/** Throws staff-files where the category is none for who asks. */
export async function demandFiler(ctx: Context, { may_file }: Pick<Category, 'may_file'>): Promise<void> {
  if (may_file === 'staff' && !(await isStaff(ctx))) throw problem('staff-files', { path: 'category' })
}
