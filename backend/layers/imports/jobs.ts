import type { Db } from '../../core/db/connect.ts'
import type { JobKind } from '../../core/jobs.ts'
import { localised } from '../../core/i18n/text.ts'
import { dropStaging } from '../staging.ts'

/** Without a sign of life for so long, its node is gone. */
const GIVEN_UP = '3 minutes'
const KEPT = '7 days'
/** A staging table that no import names is one of a tool, or of a node that died; by then it is over. */
const STRAY_MS = 24 * 3600_000

/** Gives up imports whose node died, forgets old ones, and drops what nobody will load any more. */
export const importSweepJob: JobKind<null> = {
  queue: 'layer-import-sweep',
  limit_s: 300,
  every_s: 300,
  work: async ({ db }) => {
    const failure = JSON.stringify(localised('import.interrupted'))
    await db('layer_import')
      .whereIn('state', ['reading', 'loading'])
      .whereRaw('updated_at < now() - ?::interval', [GIVEN_UP])
      .update({ state: 'failed', failure })
    await db('layer_import').whereRaw('created_at < now() - ?::interval', [KEPT]).delete()
    for (const table of await strayTables(db)) await dropStaging(db, table)
  },
}

async function strayTables(db: Db): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT 'gis_staging.' || t.tablename AS table
       FROM pg_tables AS t
      WHERE t.schemaname = 'gis_staging'
        AND substring(t.tablename FROM '^t([0-9]+)_')::bigint < ?
        AND NOT EXISTS (SELECT 1 FROM layer_import AS i WHERE i.staging = 'gis_staging.' || t.tablename)`,
    [Date.now() - STRAY_MS],
  )
  return rows.map(({ table }: { table: string }) => table)
}
