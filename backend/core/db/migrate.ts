import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import type { Db } from './connect.ts'

const folder = new URL('../../../migrations/', import.meta.url)

const source: Knex.MigrationSource<string> = {
  getMigrations: async () =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .sort(),
  getMigrationName: (file) => file,
  getMigration: async (file) => import(new URL(file, folder).href),
}

/** Brings the structure up to date; each migration is one transaction. Returns the files that were run. */
export async function migrate(db: Db): Promise<string[]> {
  const [, files] = await db.migrate.latest({ migrationSource: source, tableName: 'migration' })
  return files
}

/** Migrations that are still to be run. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const [, pending] = await db.migrate.list({ migrationSource: source, tableName: 'migration' })
  return pending
}

/** Whether every migration has been run. */
export const isMigrated = async (db: Db): Promise<boolean> => (await pendingMigrations(db)).length === 0
