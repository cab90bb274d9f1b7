import type { Db } from '../core/db/connect.ts'
import { migrate } from '../core/db/migrate.ts'
import { renewViews } from '../layers/service.ts'

/** Runs the migrations; after new ones, rewrites the views and indexes that are made from the catalogue. */
export async function renewStructure(db: Db): Promise<void> {
  const files = await migrate(db)
  if (files.length > 0) await renewViews(db)
}
