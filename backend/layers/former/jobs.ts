import type { JobKind } from '../../core/jobs.ts'
import { sql } from '../../core/db/sql.ts'
import { formerTable } from './keep.ts'

/** Of each layer, and no longer than. They are whole copies: many of them fill a disk. */
const KEPT = { versions: 5, days: 90 }

/** Forgets former features that are too many or too old. */
export const forgetFormerJob: JobKind<null> = {
  queue: 'layer-former-sweep',
  limit_s: 300,
  every_s: 3600,
  work: ({ db }) =>
    db.transaction(async (trx) => {
      const rows = await sql<{ table_name: string }>(trx, 'layers/forget_former', KEPT)
      for (const { table_name } of rows) await trx.raw('DROP TABLE ??', [formerTable(table_name)])
    }),
}
